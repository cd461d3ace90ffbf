const BURST_MS = 60_000;
/** A create waits so long for its turn before it is refused: the official client repeats a refused one six times at once. */
const LONGEST_WAIT_MS = 2_000;
const KEPT_KEYS = 10_000;

/**
 * Creates per key, as Replicate limits accounts: so many a minute (usually 600), bursts allowed. In memory, since it protects no money (authorizing does);
 * each process counts for itself.
 */
export class CreateLimits {
  /** The time at which each key's allowance is whole again. */
  readonly #wholeAt = new Map<string, number>();
  readonly #intervalMs: number;

  constructor(perMinute: number) {
    this.#intervalMs = 60_000 / perMinute;
  }

  /** Milliseconds to wait before this create, or the seconds after which to come again. */
  take(key: string, now: number): { waitMs: number } | { retrySeconds: number } {
    const wholeAt = Math.max(this.#wholeAt.get(key) ?? 0, now) + this.#intervalMs;
    const waitMs = Math.max(0, Math.ceil(wholeAt - now - BURST_MS));
    if (waitMs > LONGEST_WAIT_MS) return { retrySeconds: Math.ceil(waitMs / 1_000) };
    if (this.#wholeAt.size > KEPT_KEYS) this.#forget(now);
    this.#wholeAt.set(key, wholeAt);
    return { waitMs };
  }

  #forget(now: number): void {
    for (const [key, wholeAt] of this.#wholeAt) if (wholeAt <= now) this.#wholeAt.delete(key);
  }
}
