import { LRUCache } from 'lru-cache';
import { currentPolicy, type Policy } from '~/modules/policy/index.server';
import type { Ctx } from '~/platform/context';
import type { Watch } from '~/platform/watch';

/** How long an answer is shown while no change of the market was heard of. */
const TTL_MS = 2_000;
/** A read that takes longer than this, such as a sum over a large market, is not repeated for each change … */
const SLOW_MS = 200;
/** … but takes at most a fiftieth of the time. Up to twice that age it is still shown while it is read again. */
const SLOW_TTL_FACTOR = 50;
const MAX_ENTRIES = 500;

interface Entry {
  value: Promise<unknown>;
  /** The market's version when the read began. */
  version: number;
  /** Set for a slow total: until when it is shown without being read again, whatever changed. */
  slowUntil?: number;
  isRefreshing?: boolean;
}

type MarketCache = LRUCache<string, Entry>;

const caches = new WeakMap<Watch, MarketCache>();

/** The cache of this process: what every visitor is shown alike. Nothing is decided by it. */
export function marketCache(watch: Watch): MarketCache {
  const known = caches.get(watch);
  if (known) return known;
  const cache: MarketCache = new LRUCache({ max: MAX_ENTRIES, ttl: TTL_MS, ttlResolution: 0, perf: { now: () => performance.now() } });
  caches.set(watch, cache);
  return cache;
}

/** The part of a context that a cached read needs. */
type CachingCtx = Pick<Ctx, 'inAtomic'> & { ports: Pick<Ctx['ports'], 'marketWatch'> };

/**
 * Reads through the market cache; concurrent callers share one read. A market notice makes the next call read again, except for a slow
 * total (`isTotal`), which is shown somewhat older. Without notices, or inside an atomic block, every call reads. Use one key for one
 * type of value.
 */
export function cached<T>(ctx: CachingCtx, key: string, read: () => Promise<T>, isTotal = true): Promise<T> {
  const { marketWatch } = ctx.ports;
  if (marketWatch.version === null || ctx.inAtomic) return read();
  const cache = marketCache(marketWatch);
  const entry = cache.get(key);
  if (entry && (isFresh(entry, marketWatch.version) || entry.isRefreshing)) return entry.value as Promise<T>;
  if (entry?.slowUntil === undefined) return begin(cache, key, { read, version: marketWatch.version, isTotal });
  refresh(cache, key, entry, { read, version: marketWatch.version, isTotal });
  return entry.value as Promise<T>;
}

function isFresh({ version, slowUntil }: Entry, current: number): boolean {
  return slowUntil === undefined ? version === current : performance.now() < slowUntil;
}

interface Reading<T> {
  read: () => Promise<T>;
  version: number;
  isTotal: boolean;
}

/** Reads now; callers meanwhile get the same promise. */
function begin<T>(cache: MarketCache, key: string, { read, version, isTotal }: Reading<T>): Promise<T> {
  const start = performance.now();
  const value = read();
  const entry: Entry = { value, version };
  cache.set(key, entry);
  const isReplaced = () => ![entry, undefined].includes(cache.peek(key));
  value.then(
    () => isTotal && !isReplaced() && keepIfSlow(cache, key, entry, start),
    () => isReplaced() || cache.delete(key),
  );
  return value;
}

function keepIfSlow(cache: MarketCache, key: string, entry: Entry, start: number): void {
  const tookMs = performance.now() - start;
  if (tookMs <= SLOW_MS) return;
  entry.slowUntil = start + tookMs * SLOW_TTL_FACTOR;
  cache.set(key, entry, { start, ttl: Math.ceil(2 * tookMs * SLOW_TTL_FACTOR) });
}

/** Stale while revalidate: the old entry is shown until the new read is done. */
function refresh<T>(cache: MarketCache, key: string, entry: Entry, { read, version }: Reading<T>): void {
  entry.isRefreshing = true;
  const start = performance.now();
  const value = read();
  value.then(
    () => {
      const fresh: Entry = { value, version };
      cache.set(key, fresh, { start });
      keepIfSlow(cache, key, fresh, start);
    },
    () => (entry.isRefreshing = false),
  );
}

/** The rules in force, for pages; a command reads them itself. */
export function shownPolicy(ctx: Ctx): Promise<Policy> {
  return cached(ctx, 'policy', () => currentPolicy(ctx), false);
}
