import { asc, eq, inArray, sql } from 'drizzle-orm';
import { listings } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { ListingId, UserId } from '~/platform/ids';

/** Takes the listings of these sellers before the burns on them, in the order in which all take them (listing before grant). */
export async function lockSellersListings(tx: Ctx, sellerIds: readonly UserId[]): Promise<void> {
  await tx.db
    .select({ id: listings.id })
    .from(listings)
    .where(inArray(listings.sellerId, [...sellerIds]))
    .orderBy(asc(listings.id))
    .for('no key update');
}

/** Adds to what is shown as burned of a lot. */
export async function addBurned(tx: Ctx, listingId: ListingId, burnedNano: bigint): Promise<void> {
  await tx.db
    .update(listings)
    .set({ burnedNano: sql`${listings.burnedNano} + ${burnedNano.toString()}::bigint` })
    .where(eq(listings.id, listingId));
}
