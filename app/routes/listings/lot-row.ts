import type { LotRow } from '~/components';
import { daysBetween } from '~/platform/dates';
import type { ListingRow } from '~/queries/listings.server';

/** A lot as the market's table shows it. */
export function toLotRow(row: ListingRow, now: Date): LotRow {
  return {
    id: row.id,
    discountBps: row.discountBps,
    faceNano: row.faceNano,
    availableNano: row.availableNano,
    soldShareBps: row.listedNano === 0n ? 0 : Number(((row.listedNano - row.availableNano) * 10_000n) / row.listedNano),
    expiresAt: row.creditExpiresAt,
    daysLeft: daysBetween(now, row.creditExpiresAt),
    level: row.level,
    sellerName: row.sellerName,
    sellerBurnedNano: row.sellerBurnedNano,
    sellerFailedLots: row.sellerFailedLots,
  };
}
