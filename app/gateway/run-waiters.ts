/** Answers that wait for a run to end, woken when this process hears of it. */
export class RunWaiters {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Resolves when the run is announced, at the latest after `ms`. */
  async next(runId: string, ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const waiters = this.#waiting.get(runId) ?? new Set();
      this.#waiting.set(runId, waiters);
      const finish = () => {
        clearTimeout(timer);
        waiters.delete(finish);
        if (waiters.size === 0) this.#waiting.delete(runId);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      waiters.add(finish);
    });
  }

  announce(runId: string): void {
    for (const finish of [...(this.#waiting.get(runId) ?? [])]) finish();
  }
}
