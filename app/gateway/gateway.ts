import { LRUCache } from 'lru-cache';
import type { Actor, Ctx } from '~/platform/context';
import type { Id, RunId, UserId } from '~/platform/ids';
import { publicAddresses } from '~/modules/metering/public-addresses';
import type { PublicAddresses } from '~/modules/metering/prediction-body';
import type { Policy } from '~/modules/policy/policy-rules';
import type { DatedPrice, ServedVersion } from '~/modules/pricing/index.server';
import { ReadCache } from '~/platform/read-cache';
import { ConcurrencyLimiter, type ConcurrencyLimits } from '~/platform/concurrency-limiter';
import { CreateLimits } from './create-limits';
import type { RunView } from './look-upstream';
import { OpenCreates } from './open-creates';
import { stopping } from './problems';
import { RunWaiters } from './run-waiters';

/** What the gateway needs of the process. */
export interface GatewayServices {
  ctxFor(actor: Actor): Ctx;
  /** Creates that one key may send a minute. Default 600, as Replicate allows an account. */
  createsPerMinute?: number;
  /** A monotonic clock in milliseconds, for limits and caches. Default: the process's own. */
  monotonicMs?: () => number;
  /** Aborts when the process is told to stop. */
  stopping?: AbortSignal;
}

/** An unknown version is looked up at the provider at most this often. */
const VERSIONS_ASK_AGAIN_MS = 60_000;

/** Creates sent to the provider at the same time, each on a connection of its own. Others wait for their turn. */
const SENDING: ConcurrencyLimits = { atOnce: 128, atOncePerKey: 64, waiting: 1_024, waitingPerKey: 256, longestWaitMs: 10_000 };

/** Bytes of request bodies in memory. Each takes several times its size while it is processed. */
const BODIES: ConcurrencyLimits = {
  atOnce: 48 * 1024 * 1024,
  atOncePerKey: 12 * 1024 * 1024,
  waiting: 1_024,
  waitingPerKey: 256,
  longestWaitMs: 10_000,
};

/** A run that a create has started, and its first state. */
export interface StartedRun {
  runId: RunId;
  seen: RunView;
  /** The Cancel-After that was sent; missing for an earlier run that this create repeats. */
  cancelAfterSeconds?: number | null;
}

/** The owner of the access key. */
export interface Caller {
  buyerId: UserId;
  accessKeyId: Id<'accessKey'>;
  /** Whether the wallet has ever bought credit. */
  hasBought: boolean;
}

/** The state of one gateway. It only caches and limits: Postgres decides everything about credit. */
export class Gateway {
  readonly limits: CreateLimits;
  readonly creates = new OpenCreates<StartedRun>();
  readonly sending = new ConcurrencyLimiter(SENDING);
  readonly bodies = new ConcurrencyLimiter(BODIES);
  readonly waiters = new RunWaiters();
  /** Polls of one run share a request to the provider for 500 ms. */
  readonly views: ReadCache<RunView>;
  /** The owner of a key. Authorizing checks again that the key is not revoked. */
  readonly callers = new ReadCache<Caller>({ ttlMs: 1_000 });
  readonly prices = new ReadCache<DatedPrice>({ ttlMs: 5_000 });
  readonly versions = new ReadCache<ServedVersion>({ ttlMs: 5_000 });
  /** The provider's descriptions of its public models. */
  readonly descriptions = new ReadCache<Record<string, unknown>>({ ttlMs: 5 * 60_000, max: 200 });
  /** Model look-ups per key and minute. They use the sellers' accounts. */
  readonly lookUps = new CreateLimits(60);
  readonly policies = new ReadCache<Policy>({ ttlMs: 5_000 });
  readonly exposed = new ReadCache<bigint>({ ttlMs: 2_000 });
  readonly monotonicMs: () => number;
  /** Models whose versions the provider was asked for within the last minute. */
  readonly versionsAsked: LRUCache<string, true>;

  constructor(private readonly services: GatewayServices) {
    this.monotonicMs = services.monotonicMs ?? (() => performance.now());
    this.views = new ReadCache({ ttlMs: 500, clock: this.monotonicMs });
    this.versionsAsked = new LRUCache({ max: 5_000, ttl: VERSIONS_ASK_AGAIN_MS, ttlResolution: 0, perf: { now: this.monotonicMs } });
    this.limits = new CreateLimits(services.createsPerMinute ?? 600);
    services.stopping?.addEventListener('abort', () => {
      this.waiters.stop();
      this.creates.callOff(stopping());
    });
  }

  /** A context with the current time. Long calls take a new one for each step. */
  ctx(): Ctx {
    return this.services.ctxFor({ kind: 'system', name: 'gateway' });
  }

  addresses(): PublicAddresses {
    return publicAddresses(this.ctx());
  }
}
