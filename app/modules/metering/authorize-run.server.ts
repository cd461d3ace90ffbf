import { sql } from 'drizzle-orm';
import { grants, runs } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { idToUuid, newId, uuidToId, type GrantId, type Id, type ListingId, type RunId, type SecretId, type UserId } from '~/platform/ids';

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

export type AuthorizationResult =
  { ok: true; run: AuthorizedRun } | { ok: false; reason: 'key_revoked' | 'cap_reached' | 'not_enough_credit' };

interface Row extends Record<string, unknown> {
  room: string | null;
  grant_id: string | null;
  listing_id: string | null;
  secret_id: string | null;
  amount: string | null;
}

/**
 * Sets a run's bound aside before anything is sent: one statement takes it from the wallet's open grant whose window ends first and has
 * room, counts it against the key's cap of the day, and writes the run. Concurrent runs queue for the key's and the grant's row, so that
 * together they never authorize more than there is. Locks: key, grant.
 */
export async function authorizeRun(ctx: Ctx, asked: Authorization): Promise<AuthorizationResult> {
  const id = newId('run', ctx.now);
  const [row] = await ctx.db.execute<Row>(authorizeStatement(ctx, id, asked));
  if (!row || row.room === null) return { ok: false, reason: 'key_revoked' };
  if (!row.grant_id || !row.listing_id || !row.secret_id || row.amount === null) {
    return { ok: false, reason: BigInt(row.room) < asked.minNano ? 'cap_reached' : 'not_enough_credit' };
  }
  return {
    ok: true,
    run: {
      id,
      grantId: uuidToId('grant', row.grant_id),
      listingId: uuidToId('listing', row.listing_id),
      secretId: uuidToId('secret', row.secret_id),
      authorizedNano: BigInt(row.amount),
    },
  };
}

function authorizeStatement(ctx: Ctx, id: RunId, asked: Authorization) {
  const now = ctx.now.toISOString();
  const day = now.slice(0, 10);
  const buyer = sql.param(asked.buyerId, grants.buyerId);
  const except = `{${asked.exceptGrants.map(idToUuid).join(',')}}`;
  const max = sql`${asked.maxNano.toString()}::bigint`;
  const min = sql`${asked.minNano.toString()}::bigint`;
  return sql`
    with key as (
      select id, case when cap_nano is null then ${max} else cap_nano - (case when spent_day = ${day} then spent_nano else 0 end) end as room
      from access_keys where id = ${idToUuid(asked.accessKeyId)}::uuid and buyer_id = ${buyer} and revoked_at is null for update
    ), chosen as (
      select g.id, g.listing_id, g.secret_id, g.available_nano, key.room
      from key join grants g on g.buyer_id = ${buyer} and g.provider = 'replicate' and g.state = 'open'
        and g.ends_at > ${now}::timestamptz and g.available_nano >= ${min} and not (g.id = any(${except}::uuid[]))
      where key.room >= ${min}
      order by g.ends_at, g.id limit 1 for update of g
    ), taken as (
      select id, listing_id, secret_id, least(${max}, available_nano, room) as amount from chosen
    ), spent as (
      update access_keys k set spent_nano = (case when k.spent_day = ${day} then k.spent_nano else 0 end) + taken.amount,
        spent_day = ${day}, last_used_at = ${now}::timestamptz
      from taken where k.id = ${idToUuid(asked.accessKeyId)}::uuid
    ), granted as (
      update grants g set available_nano = g.available_nano - taken.amount, authorized_nano = g.authorized_nano + taken.amount
      from taken where g.id = taken.id
    ), written as (
      insert into runs (buyer_id, id, grant_id, access_key_id, listing_id, secret_id, model, version, price_id, state, authorized_nano,
        price_facts, body_hash, idempotency_key, deadline_at, next_check_at, created_at)
      select ${buyer}, ${sql.param(id, runs.id)}, taken.id, ${idToUuid(asked.accessKeyId)}::uuid, taken.listing_id, taken.secret_id, ${asked.model},
        ${asked.version}, ${idToUuid(asked.priceId)}::uuid, 'authorized', taken.amount, ${JSON.stringify(asked.priceFacts)}::jsonb, ${asked.bodyHash},
        ${asked.idempotencyKey}, ${asked.deadlineAt.toISOString()}::timestamptz, ${asked.nextCheckAt.toISOString()}::timestamptz, ${now}::timestamptz
      from taken
    )
    select (select room from key) as room, taken.id as grant_id, taken.listing_id, taken.secret_id, taken.amount
    from (select 1) as one left join taken on true`;
}
