import { and, desc, eq, ne } from 'drizzle-orm';
import { listings } from '~db/schema';
import { shownState } from '~/modules/listings/listing-machine';
import type { Ctx } from '~/platform/context';
import type { ListingId, UserId } from '~/platform/ids';

const MOST = 20;

export type AdminLot = Awaited<ReturnType<typeof findAdminLots>>[number];

/** A seller's latest listings, newest first, without `except`. The caller has checked that the actor is an admin. */
export async function findAdminLots(ctx: Ctx, sellerId: UserId, except?: ListingId) {
  const rows = await ctx.db
    .select()
    .from(listings)
    .where(and(eq(listings.sellerId, sellerId), except && ne(listings.id, except)))
    .orderBy(desc(listings.id))
    .limit(MOST);
  return rows.map((row) => ({
    id: row.id,
    state: shownState(row),
    faceNano: row.faceNano,
    discountBps: row.discountBps,
    creditExpiresAt: row.creditExpiresAt,
    soldNano: row.soldNano,
    burnedNano: row.burnedNano,
  }));
}
