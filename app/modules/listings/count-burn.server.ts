import { asc, eq, inArray, sql } from 'drizzle-orm';
import { listings } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { ListingId, UserId } from '~/platform/ids';

/** Locks the listings of these sellers in the common order, before their burns (listing before grant). */
export async function lockSellersListings(tx: Ctx, sellerIds: readonly UserId[]): Promise<void> {
  await tx.db
    .select({ id: listings.id })
    .from(listings)
    .where(inArray(listings.sellerId, [...sellerIds]))
    .orderBy(asc(listings.id))
    .for('no key update');
}

/** Adds to a listing's burned credit. */
export async function addBurned(tx: Ctx, listingId: ListingId, burnedNano: bigint): Promise<void> {
  await tx.db
    .update(listings)
    .set({ burnedNano: sql`${listings.burnedNano} + ${burnedNano.toString()}::bigint` })
    .where(eq(listings.id, listingId));
}
