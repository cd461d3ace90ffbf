import { sql } from 'drizzle-orm';
import { batched } from '~/platform/batches';
import type { Ctx } from '~/platform/context';
import { idToUuid, uuidToId, type GrantId, type ListingId, type RunId, type TransactionId, type UserId } from '~/platform/ids';
import { jsonbText, jsonText } from '~/platform/json';
import { plainArray, textArray } from '~/platform/pg-array';
import type { GrantState } from './grant-machine';

export interface Settlement {
  runId: RunId;
  buyerId: UserId;
  /** The prediction's id, if the run has none yet. */
  upstreamId?: string;
  /** Replicate's status, stored with the run. */
  upstreamStatus: string | null;
  metrics: Record<string, unknown> | null;
  /** The final answer; served to polls for an hour. */
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
  grantState: GrantState;
  /** Reserved on the grant for its other open runs. */
  grantAuthorizedNano: bigint;
}

/**
 * Captures a run's cost and gives the rest back: to the grant while it is open or frozen, else to `returned`. Cost above the
 * authorization becomes an exposure.
 * Idempotent: a run that is settled already gives null. Concurrent calls are batched into one commit. Locks: run, key, grant, burns.
 */
export async function captureRun(ctx: Ctx, settlement: Settlement & { costNano: bigint; estimated: boolean }): Promise<Settled | null> {
  return settle(ctx, settlement, { state: 'captured', costNano: settlement.costNano, estimated: settlement.estimated, exposure: null });
}

/** Gives a run's whole authorization back. `exposure`: why Replicate may charge the lot anyway. Null if it was settled already. */
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

/** One statement and one commit: `settle_runs`. An exposure has its run's id. Null for a run that was settled already. */
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
