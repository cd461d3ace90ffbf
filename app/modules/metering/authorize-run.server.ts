import { sql } from 'drizzle-orm';
import { batched } from '~/platform/batches';
import type { Ctx } from '~/platform/context';
import { idToUuid, newId, uuidToId, type GrantId, type Id, type ListingId, type RunId, type SecretId, type UserId } from '~/platform/ids';
import { plainArray, textArray } from '~/platform/pg-array';

export interface Authorization {
  buyerId: UserId;
  accessKeyId: Id<'accessKey'>;
  model: string;
  version: string;
  priceId: Id<'price'>;
  priceFacts: Record<string, string | number | boolean>;
  /** The run's bound. Timed models accept less, down to `minNano`, if the grant or the cap has no more. */
  maxNano: bigint;
  minNano: bigint;
  bodyHash: string;
  idempotencyKey: string | null;
  /** Grants that have just refused this run. */
  exceptGrants: readonly GrantId[];
  deadlineAt: Date;
  nextCheckAt: Date;
}

export interface AuthorizedRun {
  id: RunId;
  grantId: GrantId;
  listingId: ListingId;
  secretId: SecretId;
  authorizedNano: bigint;
}

/** `answer_lost`: nothing was authorized. The same key lost the answer to the same body in the last 10 s; return that run. */
export type AuthorizationResult =
  | { ok: true; run: AuthorizedRun }
  | { ok: false; reason: 'key_revoked' | 'cap_reached' | 'not_enough_credit' }
  | { ok: false; reason: 'answer_lost'; runId: RunId };

interface Row extends Record<string, unknown> {
  outcome: 'authorized' | 'key_revoked' | 'cap_reached' | 'not_enough_credit' | 'answer_lost';
  run_id: string;
  grant_id: string;
  listing_id: string;
  secret_id: string;
  amount_nano: string;
}

/**
 * Reserves a run's bound before anything is sent: takes it from the open grant that ends first and has room, counts it against the
 * key's daily cap, and inserts the run.
 * Concurrent calls are batched into one commit. Row locks on keys and grants prevent overspending across processes.
 */
export async function authorizeRun(ctx: Ctx, asked: Authorization): Promise<AuthorizationResult> {
  // Requests with an Idempotency-Key run alone: a unique violation must not fail the batch.
  const row = asked.idempotencyKey === null ? await authorizeBatched(ctx, asked) : (await authorizeAll(ctx, [asked]))[0];
  if (!row) return { ok: false, reason: 'key_revoked' };
  if (row.outcome === 'answer_lost') return { ok: false, reason: row.outcome, runId: uuidToId('run', row.run_id) };
  if (row.outcome !== 'authorized') return { ok: false, reason: row.outcome };
  return {
    ok: true,
    run: {
      id: uuidToId('run', row.run_id),
      grantId: uuidToId('grant', row.grant_id),
      listingId: uuidToId('listing', row.listing_id),
      secretId: uuidToId('secret', row.secret_id),
      authorizedNano: BigInt(row.amount_nano),
    },
  };
}

const authorizeBatched = batched(authorizeAll);

/** One statement and one commit: `authorize_runs` handles the requests in order. */
async function authorizeAll(ctx: Ctx, asked: Authorization[]): Promise<Row[]> {
  const uuids = (value: (each: Authorization) => string) => sql`${plainArray(asked.map((each) => idToUuid(value(each))))}::uuid[]`;
  const amounts = (value: (each: Authorization) => bigint) => sql`${plainArray(asked.map(value))}::bigint[]`;
  const texts = (value: (each: Authorization) => string | null) => sql`${textArray(asked.map(value))}::text[]`;
  const times = (value: (each: Authorization) => Date) => sql`${textArray(asked.map((each) => value(each).toISOString()))}::timestamptz[]`;
  return ctx.db.execute<Row>(sql`
    select * from authorize_runs(${ctx.now.toISOString()}::timestamptz, ${uuids(() => newId('run', ctx.now))}, ${uuids((each) => each.buyerId)},
      ${uuids((each) => each.accessKeyId)}, ${texts((each) => each.model)}, ${texts((each) => each.version)}, ${uuids((each) => each.priceId)},
      ${texts((each) => JSON.stringify(each.priceFacts))}, ${amounts((each) => each.maxNano)}, ${amounts((each) => each.minNano)},
      ${texts((each) => each.bodyHash)}, ${texts((each) => each.idempotencyKey)}, ${texts((each) => plainArray(each.exceptGrants.map(idToUuid)))},
      ${times((each) => each.deadlineAt)}, ${times((each) => each.nextCheckAt)})`);
}
