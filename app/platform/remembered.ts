interface Known<T> {
  until: number;
  value: Promise<T | null>;
}

/** Answers of the database that may be a moment old. What was not there is asked for again each time. */
export class Remembered<T> {
  readonly #known = new Map<string, Known<T>>();

  constructor(
    private readonly ms: number,
    private readonly kept = 5_000,
  ) {}

  /** The answer for a key: one that is at most `ms` old, or the one that is just being found, or a new one. */
  get(key: string, find: () => Promise<T | null>): Promise<T | null> {
    const now = performance.now();
    const known = this.#known.get(key);
    if (known && known.until > now) return known.value;
    if (this.#known.size >= this.kept) this.#known.clear();
    const value = find();
    this.#known.set(key, { until: now + this.ms, value });
    value.then(
      (found) => found === null && this.forget(key),
      () => this.forget(key),
    );
    return value;
  }

  forget(key: string): void {
    this.#known.delete(key);
  }
}
