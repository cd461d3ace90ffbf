import type { Actor, Ctx } from '~/platform/context';
import type { Id, UserId } from '~/platform/ids';
import { paths } from '~/paths';
import type { PublicAddresses } from '~/modules/metering/prediction-body';
import type { DatedPrice, ServedVersion } from '~/modules/pricing/index.server';
import { Remembered } from '~/platform/remembered';
import { CreateLimits } from './create-limits';
import { OpenCreates } from './open-creates';
import { RunWaiters } from './run-waiters';
import { UpstreamViews } from './upstream-views';

/** What the gateway needs of the process. */
export interface GatewayServices {
  ctxFor(actor: Actor): Ctx;
  /** Creates that one key may send a minute; 600, as Replicate allows an account, unless told otherwise. */
  createsPerMinute?: number;
}

/** Who calls, by its access key. */
export interface Caller {
  buyerId: UserId;
  accessKeyId: Id<'accessKey'>;
}

/** The parts of one mounted gateway. What they hold in memory only saves work: every decision about credit is Postgres's. */
export class Gateway {
  readonly limits: CreateLimits;
  readonly creates = new OpenCreates();
  readonly waiters = new RunWaiters();
  readonly views = new UpstreamViews();
  /** Whose key it is; whether it is still good is asked again when a run is authorized. */
  readonly callers = new Remembered<Caller>(1_000);
  readonly prices = new Remembered<DatedPrice>(5_000);
  readonly versions = new Remembered<ServedVersion>(5_000);
  /** What the provider says of its public models, for clients that look them up. */
  readonly descriptions = new Remembered<Record<string, unknown>>(5 * 60_000, 200);
  /** Look-ups that a key may cost its lots' accounts a minute. */
  readonly lookUps = new CreateLimits(60);
  /** When each model's versions were last asked for. */
  readonly versionsAsked = new Map<string, number>();

  constructor(private readonly services: GatewayServices) {
    this.limits = new CreateLimits(services.createsPerMinute ?? 600);
  }

  /** A context at the time of this step; long calls take a new one for each. */
  ctx(): Ctx {
    return this.services.ctxFor({ kind: 'system', name: 'gateway' });
  }

  addresses(): PublicAddresses {
    const { publicUrl } = this.ctx().config;
    return { gatewayUrl: `${publicUrl}${paths.gatewayBase()}`, walletUrl: `${publicUrl}${paths.wallet()}` };
  }
}
