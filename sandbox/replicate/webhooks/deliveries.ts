import { writeJson } from '../http/json';
import { newMessageId } from '../world/ids';
import type { PredictionRecord, WebhookEvent } from '../world/records';
import type { World } from '../world/world';
import { webhookHeaders } from './signature';

export const WEBHOOK_MODES = ['normal', 'hold', 'duplicate', 'drop'] as const;
export type WebhookMode = (typeof WEBHOOK_MODES)[number];

const ANSWER_WITHIN_MS = 5_000;
/** Pauses before the next attempts, in real milliseconds; after the last one the message is dropped. */
const RETRY_AFTER_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 120_000];

/** Sends signed webhooks, with retries for `completed`; other events get one attempt, as at Replicate. */
export class Deliveries {
  mode: WebhookMode = 'normal';
  readonly #bodies = new Map<string, string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #held: string[] = [];
  #pausedUntil = 0;
  #closed = false;

  constructor(
    private readonly world: World,
    private readonly render: (prediction: PredictionRecord) => object,
  ) {}

  /** Queues a message about a prediction if its webhook asked for the event. */
  queue(prediction: PredictionRecord, event: WebhookEvent): void {
    if (prediction.webhook === null || !prediction.webhookEvents.includes(event) || this.mode === 'drop') return;
    const delivery = { id: newMessageId(), predictionId: prediction.id, event };
    this.world.commit({ kind: 'delivery_queued', delivery });
    this.#bodies.set(delivery.id, writeJson(this.render(prediction)));
    if (this.mode === 'hold') {
      this.#held.push(delivery.id);
      return;
    }
    this.send(delivery.id, 0);
    if (this.mode === 'duplicate') this.send(delivery.id, 0);
  }

  /** Sends the held messages, in order or reversed, and returns their number. */
  release(order: 'as_queued' | 'reversed'): number {
    const ids = order === 'reversed' ? this.#held.reverse() : this.#held;
    this.#held = [];
    for (const [index, id] of ids.entries()) this.sendIn(index * 20, id, 0);
    return ids.length;
  }

  /** Sends the messages that a crash left unsent. */
  resumeAll(): void {
    for (const id of this.world.deliveries.keys()) this.send(id, 0);
  }

  /** Delays every attempt for some real milliseconds, as if the sender were down. */
  pauseFor(ms: number): void {
    this.#pausedUntil = performance.now() + ms;
  }

  waiting(): number {
    return this.world.deliveries.size;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  private sendIn(ms: number, id: string, attempt: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.send(id, attempt);
    }, ms);
    this.#timers.add(timer);
  }

  private send(id: string, attempt: number): void {
    const pausedMs = this.#pausedUntil - performance.now();
    if (pausedMs > 0) this.sendIn(pausedMs, id, attempt);
    else void this.attempt(id, attempt);
  }

  private async attempt(id: string, attempt: number): Promise<void> {
    const delivery = this.world.deliveries.get(id);
    const prediction = delivery && this.world.predictions.get(delivery.predictionId);
    if (!delivery || !prediction?.webhook) return;
    const body = this.#bodies.get(id) ?? writeJson(this.render(prediction));
    const secret = this.world.account(prediction.username).webhookSecret;
    const delivered = await post(prediction.webhook, webhookHeaders(secret, id, Math.floor(this.world.now() / 1_000), body), body);
    if (this.#closed || !this.world.deliveries.has(id)) return;
    const pause = delivery.event === 'completed' ? RETRY_AFTER_MS[attempt] : undefined;
    if (delivered || pause === undefined) this.settle(id);
    else this.sendIn(pause, id, attempt + 1);
  }

  private settle(id: string): void {
    this.#bodies.delete(id);
    this.world.commit({ kind: 'delivery_settled', id });
  }
}

/** One attempt; a refused connection, a time-out or any status but 2xx counts as not delivered. */
async function post(url: string, headers: Record<string, string>, body: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
