import type postgres from 'postgres';

/**
 * Lots of 1,000 sellers: most on sale, some sold out, some ended, with many ties in price, size and
 * expiry. The same lots each time.
 */
export async function makeListings(sql: postgres.Sql, howMany: number): Promise<void> {
  await sql`select setseed(0.5)`;
  await sql`
    insert into listings (id, seller_id, provider_account_id, secret_id, state, face_nano, tail_nano, listed_nano, available_nano, sold_nano,
      withdrawn_nano, min_nano, discount_bps, credit_expires_at, level, policy_version, seller_name, seller_since, seller_burned_nano,
      submitted_at, published_at, created_at, updated_at)
    select (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid,
      ('00000000-0000-7000-8000-' || lpad(to_hex(seller), 12, '0'))::uuid, gen_random_uuid(), gen_random_uuid(), state,
      listed + 20000000000, 20000000000, listed,
      case when state = 'active' then listed - sold else 0 end, sold, case when state = 'active' then 0 else listed - sold end,
      10000000000, discount, date_trunc('day', now()) + make_interval(days => 8 + days), level, 1,
      'Seller ' || seller || (array[' Renders', ' Studio', ' & Sons', ' Labs'])[1 + seller % 4], now() - interval '1 year', seller * 1000000000::bigint,
      now() - interval '9 days', now() - interval '8 days', now() - interval '9 days', now() - interval '8 days'
    from (
      select n, 1 + floor(random() * 1000)::int as seller, 3000 + 25 * floor(power(random(), 2) * 161)::int as discount, floor(random() * 300)::int as days,
        case when random() < 0.1 then 4 else 1 end as level, listed,
        case when dice < 0.05 then listed when dice < 0.5 then (listed * random() / 10000000)::bigint * 10000000 else 0 end as sold,
        (array['active', 'active', 'active', 'active', 'active', 'active', 'active', 'active', 'withdrawn', 'expired'])[1 + floor(random() * 10)::int] as state
      from (
        select n, random() as dice, (array[80, 230, 480, 480, 980, 1980, 4980])[1 + floor(random() * 7)::int]::bigint * 1000000000 as listed
        from generate_series(1, ${howMany}::int) n
      ) sizes
    ) facts`;
  await sql`vacuum (analyze) listings`;
}
