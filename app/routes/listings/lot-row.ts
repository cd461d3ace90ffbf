import type { LotRow } from '~/components';
import { daysBetween } from '~/platform/dates';
import { shareBps } from '~/platform/money';
import type { ListingRow } from '~/queries/market/public-listing.server';

/** A lot as the market's table shows it. */
export function toLotRow(row: ListingRow, now: Date): LotRow {
  return {
    id: row.id,
    discountBps: row.discountBps,
    faceNano: row.faceNano,
    availableNano: row.availableNano,
    soldShareBps: shareBps(row.soldNano, row.listedNano),
    expiresAt: row.creditExpiresAt,
    daysLeft: daysBetween(now, row.creditExpiresAt),
    level: row.level,
    sellerName: row.sellerName,
    sellerBurnedNano: row.sellerBurnedNano,
    sellerFailedLots: row.sellerFailedLots,
  };
}
