import { setMaxListeners } from 'node:events';
import type { Delivery, DeliveryAttempt, SandboxEvent, StoredEndpoint } from '../core/records';
import type { Changed, World } from '../core/world';
import { sleep } from '../faults/sleep';
import { queueDelivery, wants } from './emit-event';
import { sendEvent } from './send-event';

export interface RetryPlan {
  /** The pause before the second attempt; it doubles each time, up to a minute. */
  firstWaitMs: number;
  mostAttempts: number;
}

export const usualRetries: RetryPlan = { firstWaitMs: 500, mostAttempts: 12 };

const LONGEST_WAIT_MS = 60_000;
const MOST_AT_ONCE = 8;

/** Delivers events to the endpoints as Stripe does: several at once, in no guaranteed order, with retries. */
export class Courier {
  readonly #world: World;
  readonly #retries: RetryPlan;
  /** Pending deliveries, with the real time at which they are due. */
  readonly #due = new Map<string, number>();
  readonly #underway = new Set<string>();
  readonly #stop = new AbortController();
  #paused = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(world: World, retries: RetryPlan) {
    this.#world = world;
    this.#retries = retries;
    setMaxListeners(0, this.#stop.signal);
    for (const delivery of world.tables.delivery.oldestFirst()) if (delivery.status === 'pending') this.#due.set(delivery.id, 0);
    world.onChange((changed) => this.#notice(changed));
    this.#carry();
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Holds new deliveries back until `resume`. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const id of this.#due.keys()) this.#due.set(id, 0);
    this.#carry();
  }

  /** Drops held deliveries; `redeliver` can still send them. */
  discard(): number {
    const waiting = this.#world.tables.delivery.oldestFirst().filter((delivery) => delivery.status === 'pending');
    this.#world.perform(null, () => waiting.forEach((delivery) => this.#world.put('delivery', { ...delivery, status: 'discarded' })));
    this.#due.clear();
    return waiting.length;
  }

  /** Sends an event now to every subscribed endpoint, even if paused, already delivered or given up. */
  async redeliver(eventId: string): Promise<Delivery[]> {
    const event = this.#world.tables.event.get(eventId);
    if (event === undefined) throw new Error(`No such event: '${eventId}'`);
    const endpoints = this.#world.tables.webhookEndpoint.oldestFirst().filter((endpoint) => wants(endpoint, event.type));
    const known = this.#world.tables.delivery.oldestFirst().filter((delivery) => delivery.eventId === eventId);
    const ids = endpoints.map(
      (endpoint) => known.find((delivery) => delivery.endpointId === endpoint.id)?.id ?? this.#queue(event, endpoint),
    );
    await Promise.all(ids.map((id) => this.#attempt(id)));
    return ids.flatMap((id) => this.#world.tables.delivery.get(id) ?? []);
  }

  /** Resolves when nothing is left to send, except deliveries held by a pause. */
  async settled(timeoutMs = 10_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (this.#underway.size > 0 || (!this.#paused && this.#due.size > 0)) {
      if (Date.now() > deadline) throw new Error(`Webhooks did not settle within ${timeoutMs} ms.`);
      await sleep(5);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  /** An endpoint added after the event gets a new delivery. */
  #queue(event: SandboxEvent, endpoint: StoredEndpoint): string {
    const wasPaused = this.#paused;
    this.#paused = true;
    const { id } = this.#world.perform(null, () => queueDelivery(this.#world, event, endpoint));
    this.#paused = wasPaused;
    return id;
  }

  #notice(changed: readonly Changed[]): void {
    for (const [kind, id] of changed) {
      const fresh = kind === 'delivery' && !this.#underway.has(id) && this.#world.tables.delivery.get(id);
      if (fresh && fresh.status === 'pending' && fresh.attempts.length === 0) this.#due.set(id, 0);
    }
    this.#carry();
  }

  #carry(): void {
    if (this.#paused || this.#stop.signal.aborted) return;
    clearTimeout(this.#timer);
    const now = Date.now();
    let next = Infinity;
    for (const [id, dueAt] of this.#due) {
      if (this.#underway.size >= MOST_AT_ONCE) return;
      if (this.#underway.has(id)) continue;
      if (dueAt <= now) void this.#attempt(id);
      else next = Math.min(next, dueAt);
    }
    if (Number.isFinite(next)) this.#timer = setTimeout(() => this.#carry(), next - now).unref();
  }

  async #attempt(id: string): Promise<void> {
    const delivery = this.#world.tables.delivery.get(id);
    const event = delivery && this.#world.tables.event.get(delivery.eventId);
    const endpoint = delivery && this.#world.tables.webhookEndpoint.get(delivery.endpointId);
    if (event === undefined || endpoint === undefined) {
      this.#due.delete(id);
      return;
    }
    this.#underway.add(id);
    const attempt = await sendEvent(event, endpoint, this.#stop.signal);
    this.#underway.delete(id);
    if (!this.#stop.signal.aborted) this.#record(id, attempt);
  }

  #record(id: string, attempt: DeliveryAttempt): void {
    const delivery = this.#world.tables.delivery.get(id);
    if (delivery === undefined) return;
    const attempts = [...delivery.attempts, attempt];
    const status =
      attempt.error === null || delivery.status === 'delivered' ? 'delivered' : this.#statusAfterFailure(delivery, attempts.length);
    if (status === 'pending') this.#due.set(id, Date.now() + this.#waitAfter(attempts.length));
    else this.#due.delete(id);
    this.#world.perform(null, () => this.#world.put('delivery', { ...delivery, attempts, status }));
  }

  #statusAfterFailure(delivery: Delivery, attempts: number): Delivery['status'] {
    if (delivery.status === 'discarded') return 'discarded';
    return attempts >= this.#retries.mostAttempts ? 'failed' : 'pending';
  }

  #waitAfter(attempts: number): number {
    return Math.min(LONGEST_WAIT_MS, this.#retries.firstWaitMs * 2 ** (attempts - 1));
  }
}
