/** The sandbox's clock: real time plus an offset that tests and the seed move. Every `created` and every expiry uses it. */
export class SandboxClock {
  #offsetMs: number;

  constructor(offsetMs = 0) {
    this.#offsetMs = offsetMs;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  /** Unix seconds, the unit of every time in Stripe's API. */
  seconds(): number {
    return Math.floor((Date.now() + this.#offsetMs) / 1000);
  }

  setOffset(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }

  /** Sets the clock, which ticks on from `time`; null returns to real time. */
  set(time: Date | null): void {
    this.#offsetMs = time === null ? 0 : time.getTime() - Date.now();
  }

  advance(ms: number): void {
    this.#offsetMs += ms;
  }
}
