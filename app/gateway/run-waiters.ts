/** Requests that wait for a run to end. They wake when this process learns of it. */
export class RunWaiters {
  readonly #waiting = new Map<string, Set<() => void>>();
  #isStopped = false;

  /** True once the process is stopping. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Ends all waits, and all later ones at once: the process is stopping. */
  stop(): void {
    this.#isStopped = true;
    for (const runId of [...this.#waiting.keys()]) this.announce(runId);
  }

  /** Resolves when the run is announced, or after `ms`. */
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
