import { LRUCache } from 'lru-cache';

export interface PageCacheLimits {
  /** How old a page may be when it is sent, in ms. */
  maxAgeMs: number;
  maxBytes: number;
  maxPages: number;
}

interface Rendering<T> {
  promise: Promise<T | null>;
  since: number;
}

/**
 * Caches pages that all visitors see alike for a second or two; concurrent requests share one rendering. The age counts from the start of
 * the rendering. `clear` also disowns renderings under way: what began before a change is not cached after it.
 */
export class PageCache<T extends object | string> {
  readonly #pages: LRUCache<string, T>;
  readonly #renderings = new Map<string, Rendering<T>>();

  constructor(
    { maxAgeMs, maxBytes, maxPages }: PageCacheLimits,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.#pages = new LRUCache({ max: maxPages, maxSize: maxBytes, ttl: maxAgeMs, ttlResolution: 0, perf: { now: clock } });
  }

  find(key: string): T | null {
    return this.#pages.get(key) ?? null;
  }

  /** The rendering that another request began for this key; null if its page turned out not to be cacheable. */
  rendering(key: string): Promise<T | null> | undefined {
    return this.#renderings.get(key)?.promise;
  }

  /** Announces a rendering. Call the result once, with the page and its size in memory, or with null if it may not be cached. */
  begin(key: string): (page: T | null, bytes?: number) => void {
    let settle: (page: T | null) => void = () => undefined;
    const rendering = { promise: new Promise<T | null>((done) => (settle = done)), since: this.clock() };
    this.#renderings.set(key, rendering);
    return (page, bytes = 1) => {
      if (this.#renderings.get(key) === rendering) {
        this.#renderings.delete(key);
        if (page !== null) this.#pages.set(key, page, { size: bytes, start: rendering.since });
      }
      settle(page);
    };
  }

  clear(): void {
    this.#pages.clear();
    this.#renderings.clear();
  }
}
