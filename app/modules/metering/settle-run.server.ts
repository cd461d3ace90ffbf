import { sql } from 'drizzle-orm';
import { batched } from '~/platform/batches';
import type { Ctx } from '~/platform/context';
import { idToUuid, uuidToId, type GrantId, type ListingId, type RunId, type TransactionId, type UserId } from '~/platform/ids';
import { jsonbText, jsonText } from '~/platform/json';
import { plainArray, textArray } from '~/platform/pg-array';

export interface Settlement {
  runId: RunId;
  buyerId: UserId;
  /** Which prediction it is, where the run does not name it yet. */
  upstreamId?: string;
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
 * once it has ended. Never more than the authorization: what is above it becomes an exposure of the lot. Of two that settle the same run
 * one wins and the other gets null. Calls that arrive while a commit is under way share the next one. Locks: run, key, grant, burns.
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

type Asked = Settlement & Outcome;

interface Row extends Record<string, unknown> {
  request: number;
  grant_id: string;
  transaction_id: string;
  listing_id: string;
  seller_id: string;
  captured_nano: string;
  grant_state: Settled['grantState'];
  grant_authorized_nano: string;
}

async function settle(ctx: Ctx, settlement: Settlement, outcome: Outcome): Promise<Settled | null> {
  const row = await settleBatched(ctx, { ...settlement, ...outcome });
  if (!row) return null;
  const capturedNano = BigInt(row.captured_nano);
  return {
    grantId: uuidToId('grant', row.grant_id),
    transactionId: uuidToId('transaction', row.transaction_id),
    listingId: uuidToId('listing', row.listing_id),
    sellerId: uuidToId('user', row.seller_id),
    capturedNano,
    excessNano: outcome.costNano > capturedNano ? outcome.costNano - capturedNano : 0n,
    grantState: row.grant_state,
    grantAuthorizedNano: BigInt(row.grant_authorized_nano),
  };
}

const settleBatched = batched(settleAll);

/** One statement, one commit: `settle_runs`. A run's exposure has its id. Null for a run that was settled before. */
async function settleAll(ctx: Ctx, asked: Asked[]): Promise<(Row | null)[]> {
  const uuids = (value: (each: Asked) => string) => sql`${plainArray(asked.map((each) => idToUuid(value(each))))}::uuid[]`;
  const texts = (value: (each: Asked) => string | null) => sql`${textArray(asked.map(value))}::text[]`;
  const rows = await ctx.db.execute<Row>(sql`
    select * from settle_runs(${ctx.now.toISOString()}::timestamptz, ${uuids((each) => each.runId)}, ${uuids((each) => each.buyerId)},
      ${texts((each) => each.state)}, ${plainArray(asked.map((each) => each.costNano))}::bigint[],
      ${plainArray(asked.map((each) => each.estimated))}::boolean[], ${texts((each) => each.upstreamId ?? null)},
      ${texts((each) => each.upstreamStatus)}, ${texts((each) => each.metrics && jsonbText(each.metrics))}, ${texts((each) => each.finalBody && jsonText(each.finalBody))},
      ${texts((each) => each.exposure)}, ${uuids((each) => each.runId)})`);
  const byRequest = new Map(rows.map((row) => [row.request, row]));
  return asked.map((_each, index) => byRequest.get(index + 1) ?? null);
}
