import { ne, sql } from 'drizzle-orm';
import { dailyBurns } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { idToUuid, uuidToId, type ListingId, type UserId } from '~/platform/ids';

export interface UncountedBurn {
  sellerId: UserId;
  listingId: ListingId;
  burnedNano: bigint;
}

/** Sellers whose lots have burns that are not counted yet, at most `limit`. */
export async function sellersToCount(ctx: Ctx, limit: number): Promise<UserId[]> {
  const rows = await ctx.db
    .selectDistinct({ sellerId: dailyBurns.sellerId })
    .from(dailyBurns)
    .where(ne(dailyBurns.burnedNano, dailyBurns.countedNano))
    .limit(limit);
  return rows.map((row) => row.sellerId);
}

/**
 * Marks all burns of these sellers as counted and returns what was new; the caller adds it to listings and profiles in the same block.
 * `least`: Postgres checks `counted <= burned` on the snapshot's row, before it reads the newer row that `uncounted` has locked.
 */
export async function takeUncountedBurns(tx: Ctx, sellerIds: readonly UserId[]): Promise<UncountedBurn[]> {
  const sellers = `{${sellerIds.map(idToUuid).join(',')}}`;
  const rows = await tx.db.execute<{ seller_id: string; listing_id: string; burned: string }>(sql`
    with uncounted as (
      select * from daily_burns where seller_id = any(${sellers}::uuid[]) and burned_nano <> counted_nano
      order by buyer_id, day, listing_id, model for update
    ), counted as (
      update daily_burns d set counted_nano = least(u.burned_nano, d.burned_nano) from uncounted u
      where (d.buyer_id, d.day, d.listing_id, d.model) = (u.buyer_id, u.day, u.listing_id, u.model)
    )
    select seller_id, listing_id, sum(burned_nano - counted_nano) as burned from uncounted group by seller_id, listing_id order by listing_id`);
  return rows.map((row) => ({
    sellerId: uuidToId('user', row.seller_id),
    listingId: uuidToId('listing', row.listing_id),
    burnedNano: BigInt(row.burned),
  }));
}
