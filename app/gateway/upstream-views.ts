const FRESH_MS = 500;
const KEPT = 5_000;

interface View<T> {
  at: number;
  answer: Promise<T>;
}

/** At most one look upstream per run in 500 ms of a monotonic clock: polls that come faster, or together, share it. */
export class UpstreamViews {
  readonly #views = new Map<string, View<unknown>>();

  look<T>(runId: string, now: number, ask: () => Promise<T>): Promise<T> {
    const view = this.#views.get(runId);
    if (view && now - view.at < FRESH_MS) return view.answer as Promise<T>;
    if (this.#views.size > KEPT) this.#forget(now);
    const answer = ask();
    this.#views.set(runId, { at: now, answer });
    answer.catch(() => this.#views.delete(runId));
    return answer;
  }

  #forget(now: number): void {
    for (const [runId, view] of this.#views) if (now - view.at >= FRESH_MS) this.#views.delete(runId);
  }
}
