import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import postgres from 'postgres';
import { LotTable } from '~/components';
import { uuidToId } from '~/platform/ids';
import { toLotRow } from '../../app/routes/listings/lot-row';
import { readAfter, sameQuery, type LotRow } from '../browse/same-query';

const sql = postgres(process.env.DATABASE_URL ?? '', { max: 12 });

export async function loader({ request }: LoaderFunctionArgs) {
  const rows = await sameQuery(sql, readAfter(request.url));
  return { rows: rows.slice(0, 24).map(typed), now: new Date() };
}

export default function Lots() {
  const { rows, now } = useLoaderData<typeof loader>();
  return <LotTable lots={rows.map((row) => toLotRow(row, now))} />;
}

/** The row type of the market's read model, repeated here to keep our code out of this page. */
function typed(row: LotRow) {
  return {
    id: uuidToId('listing', row.id),
    provider: row.provider,
    faceNano: BigInt(row.face_nano),
    listedNano: BigInt(row.listed_nano),
    availableNano: BigInt(row.available_nano),
    soldNano: BigInt(row.sold_nano),
    minNano: BigInt(row.min_nano),
    discountBps: row.discount_bps,
    creditExpiresAt: row.credit_expires_at,
    level: row.level,
    sellerName: row.seller_name,
    sellerSince: row.seller_since,
    sellerBurnedNano: BigInt(row.seller_burned_nano),
    sellerFailedLots: row.seller_failed_lots,
  };
}
