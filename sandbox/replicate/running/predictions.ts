import type { Catalogue } from '../models/catalogue';
import { isFinal, type FinalStatus, type PredictionRecord, type WebhookEvent } from '../world/records';
import type { World } from '../world/world';
import { decideEnding } from './ending';
import { nextStep, type Step } from './next-step';

const LONGEST_TIMER_MS = 24 * 3_600_000;

/** Advances predictions as sandbox time passes, and notifies waiting callers. */
export class Predictions {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #waiters = new Map<string, Set<() => void>>();

  constructor(
    private readonly world: World,
    private readonly catalogue: Catalogue,
    private readonly announce: (prediction: PredictionRecord, event: WebhookEvent) => void,
  ) {}

  /** Records a new prediction and starts it. */
  begin(prediction: PredictionRecord): void {
    this.world.commit({ kind: 'prediction_created', prediction });
    this.progress(prediction);
  }

  /** Continues every unfinished prediction, after a restart or when the clock was moved. */
  resumeAll(): void {
    for (const prediction of this.world.predictions.values()) this.progress(prediction);
  }

  /** Cancels a prediction for its owner; a finished one is unchanged. */
  cancel(prediction: PredictionRecord): void {
    this.progress(prediction);
    if (!isFinal(prediction.status)) this.end(prediction, 'canceled', this.world.now(), null);
  }

  /** Resolves when the prediction has ended (or has output, if its plan says so), at the latest after `ms`. */
  async settled(prediction: PredictionRecord, ms: number): Promise<void> {
    if (this.answersWait(prediction)) return;
    await new Promise<void>((resolve) => {
      const waiters = this.#waiters.get(prediction.id) ?? new Set();
      this.#waiters.set(prediction.id, waiters);
      const finish = (): void => {
        clearTimeout(timer);
        waiters.delete(finish);
        if (waiters.size === 0) this.#waiters.delete(prediction.id);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      waiters.add(finish);
    });
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    for (const waiters of this.#waiters.values()) for (const finish of [...waiters]) finish();
  }

  private progress(prediction: PredictionRecord): void {
    clearTimeout(this.#timers.get(prediction.id));
    this.#timers.delete(prediction.id);
    for (let step = nextStep(prediction); step; step = nextStep(prediction)) {
      const waitMs = step.at - this.world.now();
      if (waitMs > 0) {
        this.#timers.set(
          prediction.id,
          setTimeout(() => this.progress(prediction), Math.min(waitMs, LONGEST_TIMER_MS)),
        );
        return;
      }
      this.take(step, prediction);
    }
  }

  private take(step: Step, prediction: PredictionRecord): void {
    switch (step.kind) {
      case 'start':
        this.world.commit({ kind: 'prediction_started', id: prediction.id, at: step.at });
        this.announce(prediction, 'start');
        break;
      case 'output':
        this.world.commit({ kind: 'prediction_output', id: prediction.id });
        this.announce(prediction, 'logs');
        this.announce(prediction, 'output');
        this.tellWaiters(prediction);
        break;
      case 'end':
        this.end(prediction, step.status, step.at, step.error);
        break;
    }
  }

  private end(prediction: PredictionRecord, status: FinalStatus, at: number, error: string | null): void {
    clearTimeout(this.#timers.get(prediction.id));
    this.#timers.delete(prediction.id);
    const model = this.catalogue.ofVersion(prediction.version, prediction.username);
    this.world.commit(decideEnding(prediction, model, status, at, error));
    this.announce(prediction, 'completed');
    this.tellWaiters(prediction);
  }

  private answersWait({ status, outputReady, plan }: PredictionRecord): boolean {
    return isFinal(status) || (outputReady && plan.answersWaitAtOutput);
  }

  private tellWaiters(prediction: PredictionRecord): void {
    if (!this.answersWait(prediction)) return;
    for (const finish of [...(this.#waiters.get(prediction.id) ?? [])]) finish();
  }
}
