import { LRUCache } from 'lru-cache';

export interface ReadCacheLimits {
  /** How old an answer may be, in ms. */
  ttlMs: number;
  /** Entries; the least recently used go first. */
  max?: number;
  /** Milliseconds of a clock that never goes back. */
  clock?: () => number;
}

/**
 * Caches reads for a short time. Concurrent callers of a key share one read. An answer of null and an error are not cached.
 * The cache holds promises instead of using lru-cache's `fetch`, which rejects the waiters when a key is deleted meanwhile.
 */
export class ReadCache<T> {
  readonly #answers: LRUCache<string, Promise<T | null>>;

  constructor({ ttlMs, max = 5_000, clock = () => performance.now() }: ReadCacheLimits) {
    this.#answers = new LRUCache({ max, ttl: ttlMs, ttlResolution: 0, perf: { now: clock } });
  }

  /** The cached answer of a key, or what `read` finds. */
  get(key: string, read: () => Promise<T | null>): Promise<T | null> {
    const cached = this.#answers.get(key);
    if (cached) return cached;
    const answer = read();
    this.#answers.set(key, answer);
    const forget = () => {
      if (this.#answers.peek(key) === answer) this.#answers.delete(key);
    };
    answer.then((found) => found === null && forget(), forget);
    return answer;
  }
}
