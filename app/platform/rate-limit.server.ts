import { createHash } from 'node:crypto';
import type { PgTable } from 'drizzle-orm/pg-core';
import { RateLimiterDrizzle, RateLimiterRes } from 'rate-limiter-flexible';
import type { Ctx, Db } from './context';
import { DomainError } from './errors';

/**
 * Attempts per key and time. A key names who attempts (a user, a network, a known browser). Limits keyed by the victim's address
 * alone are so wide that a stranger cannot use them up from one place.
 */
const rules = {
  sign_in: { points: 10, seconds: 15 * 60 },
  sign_in_network: { points: 300, seconds: 15 * 60 },
  sign_in_address: { points: 100, seconds: 60 * 60 },
  /** The tenth wrong password within an hour mails the owner, once a day. */
  wrong_password: { points: 9, seconds: 60 * 60 },
  wrong_password_mail: { points: 1, seconds: 24 * 60 * 60 },
  sign_up: { points: 5, seconds: 60 * 60 },
  sign_up_network: { points: 120, seconds: 60 * 60 },
  sign_up_mail: { points: 20, seconds: 60 * 60 },
  reset: { points: 5, seconds: 60 * 60 },
  reset_network: { points: 20, seconds: 60 * 60 },
  reset_mail: { points: 20, seconds: 60 * 60 },
  checkout: { points: 40, seconds: 10 * 60 },
  runs_file: { points: 30, seconds: 10 * 60 },
  kept_form: { points: 60, seconds: 60 * 60 },
  offer: { points: 30, seconds: 60 * 60 },
  token_check: { points: 15, seconds: 10 * 60 },
} as const;

export type LimitName = keyof typeof rules;

export type LimitAnswer = { passed: true } | { passed: false; retryAfterSeconds: number } | 'unavailable';

/** Returns instead of throwing: pages and server are bundled apart, so an error's class may differ from the caller's. */
export interface RateLimits {
  /** Takes one attempt of a key. */
  take(name: LimitName, key: string): Promise<LimitAnswer>;
  /** Forgets the attempts of a key, after a success. */
  forget(name: LimitName, key: string): Promise<void>;
}

declare module './context' {
  interface Ports {
    rateLimits: RateLimits;
  }
}

/**
 * Counters in Postgres, shared by all processes. An attempt counts even if the caller's atomic block rolls back. If the store is down,
 * nothing passes.
 */
export function createRateLimits(db: Db, table: PgTable): RateLimits {
  const limiters = new Map<LimitName, RateLimiterDrizzle>();
  const findLimiter = (name: LimitName) => {
    const known = limiters.get(name);
    if (known) return known;
    const { points, seconds } = rules[name];
    const limiter = new RateLimiterDrizzle({
      storeClient: db,
      schema: table,
      keyPrefix: name,
      points,
      duration: seconds,
      clearExpiredByTimeout: limiters.size === 0,
    });
    limiters.set(name, limiter);
    return limiter;
  };
  return {
    take: async (name, key) => {
      try {
        await findLimiter(name).consume(fingerprint(key));
        return { passed: true };
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) return 'unavailable';
        return { passed: false, retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) };
      }
    },
    forget: async (name, key) => {
      await findLimiter(name).delete(fingerprint(key));
    },
  };
}

/** The counters hold hashes, not addresses. */
function fingerprint(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

function inWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (seconds < 60) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

/** Takes one attempt of `key` at `name`; false when none is left. @throws DomainError 503 when the counters cannot be reached. */
export async function takeAttempt(ctx: Ctx, name: LimitName, key: string): Promise<boolean> {
  return (await attempt(ctx, name, key)).passed;
}

/**
 * Takes one attempt of `key` at `name`. `otherwise` names an alternative to waiting.
 * @throws DomainError 429 with the time to wait; 503 when the counters cannot be reached.
 */
export async function limit(ctx: Ctx, name: LimitName, key: string, otherwise = ''): Promise<void> {
  const answer = await attempt(ctx, name, key);
  if (answer.passed) return;
  const { retryAfterSeconds: seconds } = answer;
  throw new DomainError('too_many', `Too many attempts. Try again in ${inWords(seconds)}${otherwise}.`, 429, {
    facts: { retryAfterSeconds: String(seconds) },
  });
}

async function attempt(ctx: Ctx, name: LimitName, key: string): Promise<Exclude<LimitAnswer, 'unavailable'>> {
  const answer = await ctx.ports.rateLimits.take(name, key);
  if (answer !== 'unavailable') return answer;
  throw new DomainError('limits_unavailable', 'We cannot check this right now, so we did nothing. Try again in a minute.', 503, {
    facts: { retryAfterSeconds: '60' },
  });
}

/** Resets the attempts of a key. If that fails, the person has to wait; nothing else happens. */
export async function forgetLimit(ctx: Ctx, name: LimitName, key: string): Promise<void> {
  await ctx.ports.rateLimits
    .forget(name, key)
    .catch((error: unknown) => ctx.log.warn({ err: error, limit: name }, 'attempts were not forgotten'));
}
