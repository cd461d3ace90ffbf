import { eq, sql } from 'drizzle-orm';
import { listings } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { ListingId } from '~/platform/ids';

/** Shows how much of a lot is burned: the sum over its grants, which only grows. Of two that count at once the larger stays. */
export async function recordBurned(ctx: Ctx, listingId: ListingId, burnedNano: bigint): Promise<void> {
  await ctx.db
    .update(listings)
    .set({ burnedNano: sql`greatest(${listings.burnedNano}, ${burnedNano.toString()}::bigint)` })
    .where(eq(listings.id, listingId));
}
