import { sql, type SQL } from 'drizzle-orm';
import type { Ctx } from '~/platform/context';
import {
  idToUuid,
  newId,
  uuidToId,
  type GrantId,
  type Id,
  type ListingId,
  type RunId,
  type TransactionId,
  type UserId,
} from '~/platform/ids';

export interface Settlement {
  runId: RunId;
  buyerId: UserId;
  /** What Replicate says of it, kept with the run. */
  upstreamStatus: string | null;
  metrics: Record<string, unknown> | null;
  /** The answer that repeated polls get for an hour. */
  finalBody: Record<string, unknown> | null;
}

export interface Settled {
  grantId: GrantId;
  transactionId: TransactionId;
  listingId: ListingId;
  sellerId: UserId;
  capturedNano: bigint;
  /** Cost above the authorization, which no buyer pays. */
  excessNano: bigint;
  grantState: 'open' | 'frozen' | 'exhausted' | 'ended' | 'failed';
  /** Left on the grant for other runs under way. */
  grantAuthorizedNano: bigint;
}

/**
 * Takes a run's cost out of what was authorized for it and gives the rest back: to the grant while that is open or frozen, to `returned`
 * once it has ended. Never more than the authorization: what is above it becomes an exposure of the lot. One statement; of two that
 * settle the same run one wins and the other gets null. Locks: run, key, grant.
 */
export async function captureRun(ctx: Ctx, settlement: Settlement & { costNano: bigint; estimated: boolean }): Promise<Settled | null> {
  return settle(ctx, settlement, { state: 'captured', costNano: settlement.costNano, estimated: settlement.estimated, exposure: null });
}

/** Gives all that was authorized for a run back. `exposure`: why Replicate may charge the lot all the same. Null: it was settled before. */
export async function voidRun(ctx: Ctx, settlement: Settlement & { exposure?: string | null }): Promise<Settled | null> {
  return settle(ctx, settlement, { state: 'voided', costNano: 0n, estimated: false, exposure: settlement.exposure ?? null });
}

interface Outcome {
  state: 'captured' | 'voided';
  costNano: bigint;
  estimated: boolean;
  exposure: string | null;
}

interface Row extends Record<string, unknown> {
  grant_id: string;
  transaction_id: string;
  listing_id: string;
  seller_id: string;
  captured: string;
  state: Settled['grantState'];
  authorized: string;
}

async function settle(ctx: Ctx, settlement: Settlement, outcome: Outcome): Promise<Settled | null> {
  const [row] = await ctx.db.execute<Row>(settleStatement(ctx, settlement, outcome));
  if (!row) return null;
  const capturedNano = BigInt(row.captured);
  return {
    grantId: uuidToId('grant', row.grant_id),
    transactionId: uuidToId('transaction', row.transaction_id),
    listingId: uuidToId('listing', row.listing_id),
    sellerId: uuidToId('user', row.seller_id),
    capturedNano,
    excessNano: outcome.costNano > capturedNano ? outcome.costNano - capturedNano : 0n,
    grantState: row.state,
    grantAuthorizedNano: BigInt(row.authorized),
  };
}

function settleStatement(ctx: Ctx, settlement: Settlement, outcome: Outcome): SQL {
  const now = ctx.now.toISOString();
  const json = (value: Record<string, unknown> | null) => sql`${value === null ? null : storable(value)}::jsonb`;
  const cost = sql`${outcome.costNano.toString()}::bigint`;
  return sql`
    with r as (
      update runs set state = ${outcome.state}, captured_nano = least(${cost}, authorized_nano), estimated = ${outcome.estimated},
        upstream_status = coalesce(${settlement.upstreamStatus}, upstream_status), metrics = ${json(settlement.metrics)},
        final_body = ${json(settlement.finalBody)}, settled_at = ${now}::timestamptz, next_check_at = null,
        idempotency_key = case when ${outcome.state} = 'voided' and upstream_id is null then null else idempotency_key end
      where buyer_id = ${idToUuid(settlement.buyerId)}::uuid and id = ${idToUuid(settlement.runId)}::uuid and state in ('authorized', 'unknown')
      returning *, authorized_nano - captured_nano as unused
    ), spent as (
      update access_keys k set spent_nano = greatest(0, k.spent_nano - r.unused) from r
      where k.id = r.access_key_id and k.spent_day = to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD') returning k.id
    ), g as (
      update grants set authorized_nano = grants.authorized_nano - r.authorized_nano, captured_nano = grants.captured_nano + r.captured_nano,
        available_nano = grants.available_nano + case when grants.state in ('open', 'frozen') then r.unused else 0 end,
        returned_nano = grants.returned_nano + case when grants.state in ('open', 'frozen') then 0 else r.unused end,
        state = ${exhausted(sql`'exhausted'`, sql`grants.state`)}, ended_at = ${exhausted(sql`${now}::timestamptz`, sql`grants.ended_at`)}
      from r, (select count(*) from spent) as after_key
      where grants.id = r.grant_id returning grants.*
    ), day as (
      insert into daily_burns (day, buyer_id, listing_id, model, seller_id, burned_nano, runs)
      select to_char(${now}::timestamptz at time zone 'UTC', 'YYYY-MM-DD'), r.buyer_id, r.listing_id, r.model, g.seller_id, r.captured_nano, 1
      from r, g where r.captured_nano > 0
      on conflict (buyer_id, day, listing_id, model) do update set burned_nano = daily_burns.burned_nano + excluded.burned_nano, runs = daily_burns.runs + 1
    ), exposed as (${exposureStatement(ctx, outcome, cost)})
    select g.id as grant_id, g.transaction_id, g.listing_id, g.seller_id, g.state, g.authorized_nano as authorized, r.captured_nano as captured from r, g`;
}

/** The last of a grant is burned when nothing is available and no other run is under way. */
function exhausted(then: SQL, otherwise: SQL): SQL {
  return sql`case when grants.state in ('open', 'frozen') and grants.available_nano + r.unused = 0 and grants.authorized_nano = r.authorized_nano
    then ${then} else ${otherwise} end`;
}

function exposureStatement(ctx: Ctx, outcome: Outcome, cost: SQL): SQL {
  const id: Id<'exposure'> = newId('exposure', ctx.now);
  const amount = outcome.exposure === null ? sql`${cost} - r.captured_nano` : sql`r.authorized_nano`;
  const condition = outcome.exposure === null ? sql`${cost} > r.captured_nano` : sql`true`;
  return sql`insert into exposures (id, buyer_id, run_id, listing_id, amount_nano, reason, created_at)
    select ${idToUuid(id)}::uuid, r.buyer_id, r.id, r.listing_id, ${amount}, ${outcome.exposure ?? 'above_authorization'}, ${ctx.now.toISOString()}::timestamptz
    from r where ${condition}`;
}

/** As JSON that Postgres keeps: it refuses the zero character, which a model's output may hold. */
function storable(value: Record<string, unknown>): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? part.replaceAll('\u0000', '') : part));
}
