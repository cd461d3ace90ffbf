import { currentPolicy, type Policy } from '~/modules/policy/index.server';
import type { Ctx } from '~/platform/context';
import type { Watch } from '~/platform/watch';

/** Older than this nothing is shown. */
const MAX_AGE_MS = 2_000;
/** What takes longer to read than this, such as a sum over a large market, is not read anew for each change … */
const SLOW_MS = 200;
/** … but so rarely that it takes no more than a fiftieth of the time. Up to twice as old it is still shown while it is read again. */
const SHARE = 50;
const MAX_KEPT = 500;

interface Kept {
  value: Promise<unknown>;
  version: number;
  readAt: number;
  tookMs: number;
  /** A total over the whole market may be somewhat old; a rule may not. */
  isTotal: boolean;
  /** Is being read again while this is shown. */
  isReadAgain?: boolean;
}

const kept = new WeakMap<Watch, Map<string, Kept>>();

/** What remembering needs of a context. */
type Remembering = Pick<Ctx, 'inAtomic'> & { ports: Pick<Ctx['ports'], 'marketWatch'> };

/**
 * What was read a moment ago, where this process hears of changes; else reads. Those who ask at once wait for one reading. A change
 * makes it be read anew, unless it is a total whose reading takes long. Only for what all are shown alike, and for nothing that is decided by.
 */
export function keep<T>(ctx: Remembering, name: string, read: () => Promise<T>, isTotal = true): Promise<T> {
  const { marketWatch } = ctx.ports;
  if (marketWatch.version === null || ctx.inAtomic) return read();
  const ofProcess = kept.get(marketWatch) ?? new Map<string, Kept>();
  kept.set(marketWatch, ofProcess);
  const known = ofProcess.get(name);
  // Under one name stands what one reader read.
  if (known && (isFresh(known, marketWatch.version) || known.isReadAgain)) return known.value as Promise<T>;
  const reading = begin(read, { version: marketWatch.version, isTotal });
  const isMeanwhile = known !== undefined && isGoodMeanwhile(known);
  if (isMeanwhile) replaceOnceRead(ofProcess, name, known, reading);
  else put(ofProcess, name, reading);
  return (isMeanwhile ? known : reading).value as Promise<T>;
}

/** Nobody waits for a sum over the whole market that is only a little too old. */
function isGoodMeanwhile({ isTotal, readAt, tookMs }: Kept): boolean {
  return isTotal && tookMs > SLOW_MS && performance.now() - readAt < 2 * tookMs * SHARE;
}

function replaceOnceRead(ofProcess: Map<string, Kept>, name: string, known: Kept, reading: Kept): void {
  known.isReadAgain = true;
  reading.value.then(
    () => put(ofProcess, name, reading),
    () => (known.isReadAgain = false),
  );
}

function isFresh({ version, readAt, tookMs, isTotal }: Kept, now: number): boolean {
  const age = performance.now() - readAt;
  return (version === now && age < MAX_AGE_MS) || (isTotal && tookMs > SLOW_MS && age < tookMs * SHARE);
}

function begin(read: () => Promise<unknown>, facts: Pick<Kept, 'version' | 'isTotal'>): Kept {
  const reading: Kept = { ...facts, value: read(), readAt: performance.now(), tookMs: 0 };
  const done = () => (reading.tookMs = performance.now() - reading.readAt);
  reading.value.then(done, done);
  return reading;
}

function put(ofProcess: Map<string, Kept>, name: string, reading: Kept): void {
  ofProcess.delete(name);
  ofProcess.set(name, reading);
  const [oldest] = ofProcess.keys();
  if (ofProcess.size > MAX_KEPT && oldest !== undefined) ofProcess.delete(oldest);
  reading.value.catch(() => ofProcess.get(name) === reading && ofProcess.delete(name));
}

/** The rules in force, for what is shown; a command reads them itself. */
export function shownPolicy(ctx: Ctx): Promise<Policy> {
  return keep(ctx, 'policy', () => currentPolicy(ctx), false);
}
