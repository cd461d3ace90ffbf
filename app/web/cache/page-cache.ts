export interface PageCacheLimits {
  /** How old a page may be when it is sent, in ms. */
  maxAgeMs: number;
  maxBytes: number;
  maxPages: number;
}

interface Kept<T> {
  value: T;
  bytes: number;
  /** When its making began, in ms of the monotonic clock: what it shows is no younger. */
  since: number;
}

interface Making<T> {
  promise: Promise<T | null>;
  since: number;
}

/**
 * Keeps what all visitors see alike for a second or two, and lets those who ask at once wait for one rendering. `drop` forgets
 * everything, also what is being made: what began before a change is not kept after it.
 */
export class PageCache<T> {
  private readonly kept = new Map<string, Kept<T>>();
  private readonly makings = new Map<string, Making<T>>();
  private bytes = 0;

  constructor(
    private readonly limits: PageCacheLimits,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** What is there and fresh. */
  find(key: string): T | null {
    const found = this.kept.get(key);
    if (!found) return null;
    if (this.clock() - found.since < this.limits.maxAgeMs) return found.value;
    this.forget(key);
    return null;
  }

  /** What another request is making for this key; null where it turned out not to be kept, so that each makes its own. */
  underWay(key: string): Promise<T | null> | undefined {
    return this.makings.get(key)?.promise;
  }

  /** Announces a making. Call what it returns once, with the result and what it takes in memory, or with null. */
  begin(key: string): (value: T | null, bytes?: number) => void {
    let settle: (value: T | null) => void = () => undefined;
    const making = { promise: new Promise<T | null>((done) => (settle = done)), since: this.clock() };
    this.makings.set(key, making);
    return (value, bytes = 0) => {
      if (this.makings.get(key) === making) {
        this.makings.delete(key);
        if (value !== null) this.keep(key, { value, bytes, since: making.since });
      }
      settle(value);
    };
  }

  drop(): void {
    this.kept.clear();
    this.makings.clear();
    this.bytes = 0;
  }

  private keep(key: string, kept: Kept<T>): void {
    if (kept.bytes > this.limits.maxBytes) return;
    this.forget(key);
    this.kept.set(key, kept);
    this.bytes += kept.bytes;
    // A map hands out its keys as they came, so the oldest go first: what is too old to be sent, then what does not fit.
    for (const [oldest, { since }] of this.kept) {
      const fits = this.bytes <= this.limits.maxBytes && this.kept.size <= this.limits.maxPages;
      if (fits && this.clock() - since < this.limits.maxAgeMs) break;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    this.bytes -= this.kept.get(key)?.bytes ?? 0;
    this.kept.delete(key);
  }
}
