import { currentPolicy, type Policy } from '~/modules/policy/index.server';
import type { Ctx } from '~/platform/context';
import type { Watch } from '~/platform/watch';

/** Older than this nothing is shown. */
const MAX_AGE_MS = 2_000;
/** What takes longer to read than this, such as a sum over a large market, is not read anew for each change … */
const SLOW_MS = 100;
/** … but so rarely that it takes no more than a fiftieth of the time. */
const SHARE = 50;
const MAX_KEPT = 500;

interface Kept {
  value: Promise<unknown>;
  version: number;
  readAt: number;
  tookMs: number;
  /** A total over the whole market may be somewhat old; a rule may not. */
  isTotal: boolean;
}

const kept = new WeakMap<Watch, Map<string, Kept>>();

/**
 * What was read a moment ago, where this process hears of changes; else reads. Those who ask at once wait for one reading. A change
 * makes it be read anew, unless it is a total whose reading takes long. Only for what all are shown alike, and for nothing that is decided by.
 */
export function keep<T>(ctx: Ctx, name: string, read: () => Promise<T>, isTotal = true): Promise<T> {
  const { marketWatch } = ctx.ports;
  if (marketWatch.version === null || ctx.inAtomic) return read();
  const ofProcess = kept.get(marketWatch) ?? new Map<string, Kept>();
  kept.set(marketWatch, ofProcess);
  const known = ofProcess.get(name);
  // Under one name stands what one reader read.
  if (known && isFresh(known, marketWatch.version)) return known.value as Promise<T>;
  return readAnew(ofProcess, name, { version: marketWatch.version, isTotal }, read);
}

function isFresh({ version, readAt, tookMs, isTotal }: Kept, now: number): boolean {
  const age = performance.now() - readAt;
  return (version === now && age < MAX_AGE_MS) || (isTotal && tookMs > SLOW_MS && age < tookMs * SHARE);
}

function readAnew<T>(
  ofProcess: Map<string, Kept>,
  name: string,
  facts: Pick<Kept, 'version' | 'isTotal'>,
  read: () => Promise<T>,
): Promise<T> {
  const value = read();
  const reading: Kept = { ...facts, value, readAt: performance.now(), tookMs: 0 };
  ofProcess.delete(name);
  ofProcess.set(name, reading);
  const [oldest] = ofProcess.keys();
  if (ofProcess.size > MAX_KEPT && oldest !== undefined) ofProcess.delete(oldest);
  value.then(
    () => (reading.tookMs = performance.now() - reading.readAt),
    () => ofProcess.get(name) === reading && ofProcess.delete(name),
  );
  return value;
}

/** The rules in force, for what is shown; a command reads them itself. */
export function shownPolicy(ctx: Ctx): Promise<Policy> {
  return keep(ctx, 'policy', () => currentPolicy(ctx), false);
}
