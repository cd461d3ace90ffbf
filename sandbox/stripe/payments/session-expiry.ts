import type { Changed, World } from '../core/world';
import { expireSession } from './expire-session';

const LONGEST_TIMER_MS = 60_000;

/** Expires open sessions by the sandbox's clock, also when the clock jumps. */
export class SessionExpiry {
  readonly #world: World;
  readonly #open = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #sweeping = false;
  #closed = false;

  constructor(world: World) {
    this.#world = world;
    world.tables.checkoutSession.oldestFirst().forEach((session) => this.#watch(session.id));
    world.onChange((changed) => this.#follow(changed));
    this.sweep();
  }

  sweep(): void {
    if (this.#sweeping || this.#closed) return;
    this.#sweeping = true;
    try {
      this.#sweepOnce();
    } finally {
      this.#sweeping = false;
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #follow(changed: readonly Changed[]): void {
    const sessions = changed.filter(([kind]) => kind === 'checkoutSession');
    for (const [, id] of sessions) this.#watch(id);
    if (sessions.length > 0 || changed.length === 0) this.sweep();
  }

  #watch(id: string): void {
    const session = this.#world.tables.checkoutSession.get(id);
    if (session?.status === 'open') this.#open.set(id, session.expires_at);
    else this.#open.delete(id);
  }

  #sweepOnce(): void {
    const now = this.#world.clock.seconds();
    const due = [...this.#open].filter(([, expiresAt]) => expiresAt <= now).map(([id]) => id);
    if (due.length > 0) this.#world.perform(null, () => due.forEach((id) => this.#expire(id)));
    this.#waitForNext();
  }

  #expire(id: string): void {
    const session = this.#world.tables.checkoutSession.get(id);
    if (session?.status === 'open') expireSession(this.#world, session);
  }

  #waitForNext(): void {
    clearTimeout(this.#timer);
    if (this.#open.size === 0) return;
    const next = Math.min(...this.#open.values());
    const wait = Math.min(LONGEST_TIMER_MS, Math.max(0, next * 1000 - this.#world.clock.now().getTime()));
    this.#timer = setTimeout(() => this.sweep(), wait).unref();
  }
}
