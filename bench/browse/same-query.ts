import type postgres from 'postgres';

/** The key of the previous page's last lot. */
export interface After {
  discountBps: number;
  id: string;
}

export type LotRow = Awaited<ReturnType<typeof sameQuery>>[number];

interface Row {
  id: string;
  provider: string;
  face_nano: string;
  listed_nano: string;
  available_nano: string;
  sold_nano: string;
  min_nano: string;
  discount_bps: number;
  credit_expires_at: Date;
  level: number;
  seller_name: string;
  seller_since: Date;
  seller_burned_nano: string;
  seller_failed_lots: number;
}

/** The market page's query in postgres.js only: 25 lots, cheapest first, one more than a page shows. */
export function sameQuery(sql: postgres.Sql, after: After | null) {
  const columns = sql`id, provider, face_nano, listed_nano, available_nano, sold_nano, min_nano, discount_bps, credit_expires_at, level,
    seller_name, seller_since, seller_burned_nano, seller_failed_lots`;
  const onSale = sql`provider = 'replicate' and on_sale and credit_expires_at > now() + interval '3 days'`;
  if (!after) {
    return sql<Row[]>`select ${columns} from listings where ${onSale} order by discount_bps desc nulls last, id limit 25`;
  }
  return sql<Row[]>`
    (select ${columns} from listings where ${onSale} and discount_bps = ${after.discountBps} and id > ${after.id} order by discount_bps desc nulls last, id limit 25)
    union all
    (select ${columns} from listings where ${onSale} and discount_bps < ${after.discountBps} order by discount_bps desc nulls last, id limit 25)
    order by discount_bps desc, id limit 25`;
}

/** `?discount=5000&id=…`, with the least possible parsing. */
export function readAfter(url: string): After | null {
  const params = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  const id = params.get('id');
  return id === null ? null : { discountBps: Number(params.get('discount')), id };
}
