import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { attestations, grants, listings, offers, priceChanges, prices } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { ListingId } from '~/platform/ids';

/** States in which the public sees a lot's page: on sale, resting, or over. What is not yet approved does not exist for it. */
const publicStates = ['active', 'paused', 'suspended', 'failed', 'withdrawn', 'expired'] as const;

function visible(listingId: ListingId) {
  return and(eq(listings.id, listingId), inArray(listings.state, [...publicStates]), sql`${listings.publishedAt} is not null`);
}

/** What a form of a lot's page is held against; null for what the public may not see. */
export async function findShownLot(ctx: Ctx, listingId: ListingId) {
  const { id, sellerId, state, listedNano, availableNano, minNano, discountBps, creditExpiresAt } = listings;
  const facts = { id, sellerId, state, listedNano, availableNano, minNano, discountBps, creditExpiresAt };
  const [lot] = await ctx.db.select(facts).from(listings).where(visible(listingId));
  return lot ?? null;
}

/** All that a buyer is told of a lot before paying; null for what the public may not see. */
export async function findListingPage(ctx: Ctx, listingId: ListingId) {
  const [listing] = await ctx.db.select().from(listings).where(visible(listingId));
  if (!listing) return null;
  const [changes, checks, [burn], book] = await Promise.all([
    ctx.db.select().from(priceChanges).where(eq(priceChanges.listingId, listingId)).orderBy(asc(priceChanges.createdAt)).limit(50),
    ctx.db.select().from(attestations).where(eq(attestations.listingId, listingId)).orderBy(desc(attestations.createdAt)).limit(1),
    ctx.db
      .select({
        buyers: sql<number>`count(distinct ${grants.buyerId})::int`,
        burnedNano: sql<bigint>`coalesce(sum(${grants.capturedNano}), 0)`.mapWith(BigInt),
      })
      .from(grants)
      .where(eq(grants.listingId, listingId)),
    imagePrices(ctx),
  ]);
  // The token's place in the vault, and what only the seller and the admins see, stay behind.
  const { secretId: _secretId, providerAccountId: _account, stateReason: _reason, ...shown } = listing;
  return { listing: shown, priceChanges: changes, lastCheck: checks[0] ?? null, burn: burn ?? { buyers: 0, burnedNano: 0n }, buys: book };
}

/** What credit buys, from the price book: models priced by a unit that people can picture, at their cheapest tier. */
export async function imagePrices(ctx: Ctx) {
  const rows = await ctx.db
    .selectDistinctOn([prices.model], { model: prices.model, unit: prices.unit, tiers: prices.tiers })
    .from(prices)
    .where(
      and(
        inArray(prices.unit, ['output_image', 'output_video_second', 'output_audio_second']),
        sql`${prices.validFrom} <= ${ctx.now.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(prices.model, desc(prices.validFrom));
  return rows.flatMap(({ model, unit, tiers }) => {
    const cheapest = tiers
      .map((tier) => BigInt(tier.unitNano))
      .reduce((least, nano) => (nano < least ? nano : least), BigInt(tiers[0]?.unitNano ?? '0'));
    return cheapest > 0n ? [{ model, unit, unitNano: cheapest }] : [];
  });
}

/** The signed-in buyer's open and accepted offers on a lot. */
export async function findOwnOffers(ctx: Ctx, listingId: ListingId) {
  if (ctx.actor.kind !== 'user') return [];
  return ctx.db
    .select({
      id: offers.id,
      state: offers.state,
      amountNano: offers.amountNano,
      discountBps: offers.discountBps,
      expiresAt: offers.expiresAt,
      checkoutId: offers.checkoutId,
    })
    .from(offers)
    .where(and(eq(offers.listingId, listingId), eq(offers.buyerId, ctx.actor.userId), inArray(offers.state, ['open', 'accepted'])))
    .orderBy(desc(offers.createdAt))
    .limit(10);
}
