import { and, desc, eq, ne } from 'drizzle-orm';
import { listings } from '~db/schema';
import { shownState } from '~/modules/listings/listing-machine';
import type { Ctx } from '~/platform/context';
import type { ListingId, UserId } from '~/platform/ids';

const MOST = 20;

export type AdminLot = Awaited<ReturnType<typeof findAdminLots>>[number];

/** The last lots that somebody listed, newest first, perhaps all but one. Part of pages that have made sure that an admin asks. */
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
