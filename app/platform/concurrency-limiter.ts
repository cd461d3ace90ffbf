/** Limits on running and waiting work, in total and per key (a buyer, an address). */
export interface ConcurrencyLimits {
  /** Units that run at once: calls, or bytes. */
  atOnce: number;
  atOncePerKey: number;
  /** Callers that wait. */
  waiting: number;
  waitingPerKey: number;
  longestWaitMs: number;
}

/** Frees the slot. Calling it twice changes nothing. */
export type EndSlot = () => void;

interface Waiter {
  key: string;
  units: number;
  begin(): void;
}

/**
 * Limits concurrent work of one kind in this process. Callers beyond the limit wait in order of arrival; a key at its own limit does not
 * block others. Beyond the waiting limits a call is refused, so that the queue cannot grow without bound.
 */
export class ConcurrencyLimiter {
  readonly #waiters = new Set<Waiter>();
  readonly #unitsOf = new Map<string, number>();
  readonly #waitingOf = new Map<string, number>();
  #units = 0;

  constructor(private readonly limits: ConcurrencyLimits) {}

  /**
   * Resolves when a slot is free; null when too many wait already or the wait took too long.
   * @throws the signal's reason when it aborts first.
   */
  async take(key: string, options: { units?: number; signal?: AbortSignal } = {}): Promise<EndSlot | null> {
    const { signal } = options;
    signal?.throwIfAborted();
    const units = Math.min(options.units ?? 1, this.limits.atOncePerKey);
    if (this.#waiters.size === 0 && this.#fits(key, units)) return this.#begin(key, units);
    if (this.#waiters.size >= this.limits.waiting || getCount(this.#waitingOf, key) >= this.limits.waitingPerKey) return null;
    return this.#wait(key, units, signal);
  }

  #wait(key: string, units: number, signal: AbortSignal | undefined): Promise<EndSlot | null> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.#waiters.delete(waiter);
        add(this.#waitingOf, key, -1);
      };
      const abort = () => {
        leave();
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        key,
        units,
        begin: () => {
          leave();
          resolve(this.#begin(key, units));
        },
      };
      const timer = setTimeout(() => {
        leave();
        resolve(null);
      }, this.limits.longestWaitMs);
      signal?.addEventListener('abort', abort);
      this.#waiters.add(waiter);
      add(this.#waitingOf, key, 1);
      this.#admit();
    });
  }

  #begin(key: string, units: number): EndSlot {
    this.#units += units;
    add(this.#unitsOf, key, units);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#units -= units;
      add(this.#unitsOf, key, -units);
      this.#admit();
    };
  }

  /** In order of arrival. A waiter that exceeds the total limit blocks those behind it, or large bodies would never get a slot. */
  #admit(): void {
    for (const waiter of this.#waiters) {
      if (!this.#hasShare(waiter.key, waiter.units)) continue;
      if (this.#units + waiter.units > this.limits.atOnce) return;
      waiter.begin();
    }
  }

  #fits(key: string, units: number): boolean {
    return this.#units + units <= this.limits.atOnce && this.#hasShare(key, units);
  }

  #hasShare(key: string, units: number): boolean {
    return getCount(this.#unitsOf, key) + units <= this.limits.atOncePerKey;
  }
}

function getCount(counts: Map<string, number>, key: string): number {
  return counts.get(key) ?? 0;
}

function add(counts: Map<string, number>, key: string, units: number): void {
  const count = getCount(counts, key) + units;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
