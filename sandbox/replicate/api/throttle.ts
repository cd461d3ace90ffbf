import { NANO_PER_USD } from '../world/money';
import type { AccountRecord } from '../world/records';

const LOW_CREDIT_NANO = 5n * NANO_PER_USD;
const LOW_CREDIT_CREATES_PER_MINUTE = 6;
const OTHER_CALLS_PER_MINUTE = 3_000;

interface Bucket {
  level: number;
  at: number;
}

export type Verdict = { allowed: true } | { allowed: false; seconds: number; lowCredit: boolean };

/** Replicate's limits per account for creates and other calls, with a low limit once credit is low. A minute's worth may come at once. */
export class Throttle {
  readonly #buckets = new Map<string, Bucket>();

  create(account: AccountRecord, now: number): Verdict {
    if (account.creditNano > 0n && account.creditNano < LOW_CREDIT_NANO) {
      const seconds = this.#take(`low:${account.username}`, LOW_CREDIT_CREATES_PER_MINUTE, 1, now);
      return seconds === 0 ? { allowed: true } : { allowed: false, seconds, lowCredit: true };
    }
    return plain(this.#take(`create:${account.username}`, account.createsPerMinute, account.createsPerMinute, now));
  }

  other(account: AccountRecord, now: number): Verdict {
    return plain(this.#take(`other:${account.username}`, OTHER_CALLS_PER_MINUTE, OTHER_CALLS_PER_MINUTE, now));
  }

  /** Takes one call from a bucket. Returns 0, or the whole seconds until the next call is allowed. */
  #take(key: string, perMinute: number, burst: number, now: number): number {
    const bucket = this.#buckets.get(key) ?? { level: burst, at: now };
    const refilled = Math.min(burst, bucket.level + (Math.max(0, now - bucket.at) * perMinute) / 60_000);
    const allowed = refilled >= 1;
    this.#buckets.set(key, { level: allowed ? refilled - 1 : refilled, at: now });
    return allowed ? 0 : Math.max(1, Math.ceil(((1 - refilled) * 60) / perMinute));
  }
}

function plain(seconds: number): Verdict {
  return seconds === 0 ? { allowed: true } : { allowed: false, seconds, lowCredit: false };
}
