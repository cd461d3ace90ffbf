import type postgres from 'postgres';
import { uuidToId, type ListingId } from '~/platform/ids';

/** Lots on sale at half price, made by SQL, each with more credit than a run can reserve. */
export async function makeLots(sql: postgres.Sql, count: number): Promise<ListingId[]> {
  const rows = await sql<{ id: string }[]>`
    insert into listings (id, seller_id, provider_account_id, secret_id, state, face_nano, tail_nano, listed_nano, available_nano, min_nano,
      discount_bps, credit_expires_at, policy_version, seller_name, seller_since, submitted_at, published_at, created_at, updated_at)
    select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'active', 4000000000000000000, 0, 4000000000000000000,
      4000000000000000000, 10000000000, 5000, now() + interval '60 days', 1, 'Seller', now(), now(), now(), now(), now()
    from generate_series(1, ${count}) returning id`;
  await sql`vacuum analyze listings`;
  return rows.map(({ id }) => uuidToId('listing', id));
}

/** What was reserved according to the database, to compare with the answers. */
export async function soldAmounts(sql: postgres.Sql): Promise<{ reservations: number; reservedNano: bigint; oversold: number }> {
  const [row] = await sql<{ reservations: string; reserved: string; oversold: string }[]>`
    select (select count(*) from reservations) as reservations, sum(reserved_nano) as reserved,
      count(*) filter (where reserved_nano <> coalesce(r.amount, 0) or available_nano < 0 or available_nano + reserved_nano <> listed_nano) as oversold
    from listings left join (select listing_id, sum(credit_nano) as amount from reservations group by listing_id) r on r.listing_id = listings.id`;
  if (!row) throw new Error('A count has a row.');
  return { reservations: Number(row.reservations), reservedNano: BigInt(row.reserved), oversold: Number(row.oversold) };
}
