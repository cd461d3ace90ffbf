/** Answers that wait for a run to end, woken when this process hears of it. */
export class RunWaiters {
  readonly #waiting = new Map<string, Set<() => void>>();
  #isStopped = false;

  /** Whether nobody may wait any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Ends every wait, now and from now on: the process is about to stop. */
  stop(): void {
    this.#isStopped = true;
    for (const runId of [...this.#waiting.keys()]) this.announce(runId);
  }

  /** Resolves when the run is announced, at the latest after `ms`. */
  async next(runId: string, ms: number): Promise<void> {
    if (this.#isStopped) return;
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
