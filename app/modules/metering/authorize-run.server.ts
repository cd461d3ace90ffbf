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
  /** The run's bound; timed models take less, down to `minNano`, where a grant or the key's cap has no more. */
  maxNano: bigint;
  minNano: bigint;
  bodyHash: string;
  idempotencyKey: string | null;
  /** Grants that have just shown that they cannot serve. */
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

/** `answer_lost`: nothing was authorized, since the same key lost the answer to the same body in the last 10 s; that run is taken up. */
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
 * Sets a run's bound aside, durably, before anything is sent: takes it from the wallet's open grant whose window ends first and has room,
 * counts it against the key's cap of the day, and writes the run. Calls that arrive while a commit is under way share the next one. Runs
 * queue for the keys' and the grants' rows, so that together they never authorize more than there is, in any number of processes.
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

/** One statement, one commit: `authorize_runs` walks the requests in their order. */
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
