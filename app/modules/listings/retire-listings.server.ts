import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, notInArray } from 'drizzle-orm';
import { listings } from '~db/schema';
import { recordAudit } from '~/modules/audit/index.server';
import { currentPolicy } from '~/modules/policy/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import type { ListingId } from '~/platform/ids';
import { finalListingStates, isFinal, listingTransitions } from './listing-machine';
import { lockListing, takeStep, unsoldWithdrawn, type Listing } from './listing-store.server';

/** Listings whose credit expires too soon to be sold (policy: minDaysLeft), soonest first. */
export async function listingsToExpire(ctx: Ctx, limit = 100): Promise<ListingId[]> {
  const { rules } = await currentPolicy(ctx);
  return ids(
    await ctx.db
      .select({ id: listings.id })
      .from(listings)
      .where(
        and(
          notInArray(listings.state, [...finalListingStates]),
          lte(listings.creditExpiresAt, addDays(ctx.now, rules.minDaysLeft)),
          isNull(listings.mendUntilAt),
        ),
      )
      .orderBy(asc(listings.creditExpiresAt))
      .limit(limit),
  );
}

/** Listings that have waited for their seller for too long (policy: idleDays). */
export async function listingsToLapse(ctx: Ctx, limit = 100): Promise<ListingId[]> {
  const { rules } = await currentPolicy(ctx);
  return ids(
    await ctx.db
      .select({ id: listings.id })
      .from(listings)
      .where(and(inArray(listings.state, [...listingTransitions.lapse.from]), lte(listings.updatedAt, addDays(ctx.now, -rules.idleDays))))
      .orderBy(asc(listings.updatedAt))
      .limit(limit),
  );
}

/** Ended listings that still hold a token, by key from `after`, for the sweep that destroys it once nothing on them is open. */
export async function endedListingsWithToken(ctx: Ctx, after: ListingId | null, limit: number): Promise<ListingId[]> {
  return ids(
    await ctx.db
      .select({ id: listings.id })
      .from(listings)
      .where(
        and(
          inArray(listings.state, [...finalListingStates]),
          isNotNull(listings.secretId),
          eq(listings.reservedNano, 0n),
          isNull(listings.mendUntilAt),
          isNull(listings.creditDoubtedAt),
          after ? gt(listings.id, after) : undefined,
        ),
      )
      .orderBy(asc(listings.id))
      .limit(limit),
  );
}

/** Ends a listing whose credit expires soon. Null if it has ended, or while a check is open. */
export async function expireListing(ctx: Ctx, listingId: ListingId): Promise<Listing | null> {
  return end(ctx, listingId, 'expire');
}

/** Withdraws a listing that waits for its seller too long. Null if it has moved on. */
export async function lapseListing(ctx: Ctx, listingId: ListingId): Promise<Listing | null> {
  return end(ctx, listingId, 'lapse');
}

async function end(ctx: Ctx, listingId: ListingId, step: 'expire' | 'lapse'): Promise<Listing | null> {
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, listingId);
    if (isFinal(before.state) || before.mendUntilAt || !(listingTransitions[step].from as readonly string[]).includes(before.state))
      return null;
    const listing = await takeStep(tx, before, step, 'system', { ...unsoldWithdrawn(before), endedAt: tx.now });
    await recordAudit(tx, `listing.${step}`, listingId);
    return listing;
  });
}

function ids(rows: { id: ListingId }[]): ListingId[] {
  return rows.map((row) => row.id);
}
