import type { IdempotentResult } from '../core/records';
import type { World } from '../core/world';
import { StripeProblem } from './problem';

/** Stripe may forget a key after a day. */
const REMEMBERED_SECONDS = 24 * 60 * 60;

export interface KeyedRequest {
  key: string;
  endpoint: string;
  fingerprint: string;
}

/** Keys as Stripe keeps them: the first result is replayed, other parameters are refused, and so is a second request in flight. */
export class IdempotencyKeys {
  readonly #world: World;
  readonly #inFlight = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The stored result to replay, or undefined when the work is to be done; then `release` must follow. */
  claim(request: KeyedRequest): IdempotentResult | undefined {
    if (request.key.length > 255) throw new StripeProblem(400, 'Idempotency keys can be up to 255 characters long.');
    if (this.#inFlight.has(request.key)) throw inUse(request.key);
    const stored = this.#world.tables.idempotentResult.get(request.key);
    if (stored !== undefined && this.#world.clock.seconds() - stored.created < REMEMBERED_SECONDS) {
      refuseOtherUse(stored, request);
      return stored;
    }
    this.#inFlight.add(request.key);
    return undefined;
  }

  release(key: string): void {
    this.#inFlight.delete(key);
  }

  /** Call inside the same `perform` as the work, so that result and work are journaled together. */
  keep(request: KeyedRequest, result: { status: number; body: string; requestId: string }): void {
    this.#world.put('idempotentResult', {
      id: request.key,
      created: this.#world.clock.seconds(),
      endpoint: request.endpoint,
      fingerprint: request.fingerprint,
      ...result,
    });
  }
}

function refuseOtherUse(stored: IdempotentResult, request: KeyedRequest): void {
  const otherwise = `Try using a key other than '${request.key}' if you meant to execute a different request.`;
  if (stored.endpoint !== request.endpoint) {
    const message = `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${request.endpoint}' vs '${stored.endpoint}'). ${otherwise}`;
    throw new StripeProblem(400, message, { type: 'idempotency_error' });
  }
  if (stored.fingerprint !== request.fingerprint) {
    const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. ${otherwise}`;
    throw new StripeProblem(400, message, { type: 'idempotency_error' });
  }
}

const inUse = (key: string): StripeProblem =>
  new StripeProblem(
    409,
    `There is currently another in-progress request using this Idempotency-Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    { type: 'idempotency_error', code: 'idempotency_key_in_use' },
  );
