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
  /** Creates that one key may send a minute; 600, as Replicate allows an account, unless told otherwise. */
  createsPerMinute?: number;
  /** Milliseconds of a clock that never goes back, for limits and for how old an answer is; the process's own unless said. */
  monotonicMs?: () => number;
  /** Aborts when the process is told to stop. */
  stopping?: AbortSignal;
}

/** An unknown version is looked up at the provider at most this often. */
const VERSIONS_ASK_AGAIN_MS = 60_000;

/** Creates on their way to the provider at once; as many connections are kept for them. Others wait a moment for their turn. */
const SENDING: ConcurrencyLimits = { atOnce: 128, atOncePerKey: 64, waiting: 1_024, waitingPerKey: 256, longestWaitMs: 10_000 };

/** Bytes of bodies between their first byte and the provider's answer; each takes several times its size while it is worked on. */
const BODIES: ConcurrencyLimits = {
  atOnce: 48 * 1024 * 1024,
  atOncePerKey: 12 * 1024 * 1024,
  waiting: 1_024,
  waitingPerKey: 256,
  longestWaitMs: 10_000,
};

/** A run that a create has begun, as it stood then. */
export interface StartedRun {
  runId: RunId;
  seen: RunView;
  /** The deadline that the run was sent with; unknown for one that was placed before. */
  cancelAfterSeconds?: number | null;
}

/** Who calls, by its access key. */
export interface Caller {
  buyerId: UserId;
  accessKeyId: Id<'accessKey'>;
  /** Whether the wallet has ever bought credit. */
  hasBought: boolean;
}

/** The parts of one mounted gateway. What they hold in memory only saves work: every decision about credit is Postgres's. */
export class Gateway {
  readonly limits: CreateLimits;
  readonly creates = new OpenCreates<StartedRun>();
  readonly sending = new ConcurrencyLimiter(SENDING);
  readonly bodies = new ConcurrencyLimiter(BODIES);
  readonly waiters = new RunWaiters();
  /** At most one look upstream per run in 500 ms: polls that come faster, or together, share it. */
  readonly views: ReadCache<RunView>;
  /** Whose key it is; whether it is still good is asked again when a run is authorized. */
  readonly callers = new ReadCache<Caller>({ ttlMs: 1_000 });
  readonly prices = new ReadCache<DatedPrice>({ ttlMs: 5_000 });
  readonly versions = new ReadCache<ServedVersion>({ ttlMs: 5_000 });
  /** What the provider says of its public models, for clients that look them up. */
  readonly descriptions = new ReadCache<Record<string, unknown>>({ ttlMs: 5 * 60_000, max: 200 });
  /** Look-ups that a key may cost its lots' accounts a minute. */
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

  /** A context at the time of this step; long calls take a new one for each. */
  ctx(): Ctx {
    return this.services.ctxFor({ kind: 'system', name: 'gateway' });
  }

  addresses(): PublicAddresses {
    return publicAddresses(this.ctx());
  }
}
