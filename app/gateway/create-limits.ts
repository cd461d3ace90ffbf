const BURST_MS = 60_000;
/** A create waits this long for its turn before it is refused: the official client repeats a refused one six times at once. */
const LONGEST_WAIT_MS = 2_000;
const KEPT_KEYS = 10_000;

/**
 * Rate limit for creates per access key, with bursts, as Replicate limits accounts. It protects no money, so it is in memory and each
 * process counts alone.
 */
export class CreateLimits {
  /** The time at which a key's allowance is full again. */
  readonly #wholeAt = new Map<string, number>();
  readonly #intervalMs: number;

  constructor(perMinute: number) {
    this.#intervalMs = 60_000 / perMinute;
  }

  /** Returns how long this create has to wait, or after how many seconds to retry. */
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
