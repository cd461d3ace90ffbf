import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { attestations, grants, listingReviews, listings, offers, priceChanges, prices, providerAccounts, sellerProfiles } from '~db/schema';
import { isFinal } from '~/modules/listings/listing-machine';
import { computeLevel } from '~/modules/listings/levels';
import type { Ctx } from '~/platform/context';
import type { ListingId } from '~/platform/ids';
import { publicColumns } from './public-listing.server';

/** States in which a lot has a public page: on sale, paused, or ended. A lot that is not approved has none. */
const publicStates = ['active', 'paused', 'suspended', 'failed', 'withdrawn', 'expired'] as const;

function visible(listingId: ListingId) {
  return and(eq(listings.id, listingId), inArray(listings.state, [...publicStates]), sql`${listings.publishedAt} is not null`);
}

/** The facts against which forms of a lot's page are checked; null for what the public may not see. */
export async function findShownLot(ctx: Ctx, listingId: ListingId) {
  const { id, sellerId, state, faceNano, listedNano, availableNano, minNano, discountBps, creditExpiresAt } = listings;
  const facts = { id, sellerId, state, faceNano, listedNano, availableNano, minNano, discountBps, creditExpiresAt };
  const [lot] = await ctx.db.select(facts).from(listings).where(visible(listingId));
  return lot ?? null;
}

/** What the public reads of a lot beside `publicColumns`. A new column is private until it is added to one of the two. */
const lotPageColumns = {
  ...publicColumns,
  sellerId: listings.sellerId,
  state: listings.state,
  tailNano: listings.tailNano,
  reservedNano: listings.reservedNano,
  mendUntilAt: listings.mendUntilAt,
  endedAt: listings.endedAt,
};

/** Everything a buyer reads about a lot before paying; null for what the public may not see. */
export async function findListingPage(ctx: Ctx, listingId: ListingId) {
  const [found] = await ctx.db
    .select({
      listing: lotPageColumns,
      createdAt: listings.createdAt,
      profile: sellerProfiles,
      accountRecordedAt: providerAccounts.createdAt,
    })
    .from(listings)
    .leftJoin(sellerProfiles, eq(sellerProfiles.userId, listings.sellerId))
    .leftJoin(providerAccounts, eq(providerAccounts.id, listings.providerAccountId))
    .where(visible(listingId));
  if (!found) return null;
  const [changes, lastCheck, burn, book, declaredAt] = await Promise.all([
    findPriceChanges(ctx, listingId),
    findLastCheck(ctx, listingId),
    sumBurn(ctx, listingId),
    imagePrices(ctx),
    findDeclaration(ctx, listingId),
  ]);
  const { listing, profile, accountRecordedAt } = found;
  return {
    listing: withSellerFacts(listing, profile),
    trust: {
      declaredAt: declaredAt ?? found.createdAt,
      accountRecordedAt,
      lastCheck,
      seasonedAt: profile?.seasonedAt ?? null,
      // A lot that its seller had ended before keeps that state when it fails.
      failed: listing.state === 'failed' || (isFinal(listing.state) && !listing.mendUntilAt && lastCheck?.passed === false),
    },
    priceChanges: changes,
    burn,
    buys: book,
  };
}

function findPriceChanges(ctx: Ctx, listingId: ListingId) {
  return ctx.db
    .select({ id: priceChanges.id, fromBps: priceChanges.fromBps, toBps: priceChanges.toBps, createdAt: priceChanges.createdAt })
    .from(priceChanges)
    .where(eq(priceChanges.listingId, listingId))
    .orderBy(asc(priceChanges.createdAt))
    .limit(50);
}

async function findLastCheck(ctx: Ctx, listingId: ListingId) {
  const [check] = await ctx.db
    .select({ kind: attestations.kind, passed: attestations.passed, at: attestations.createdAt, finding: attestations.finding })
    .from(attestations)
    .where(eq(attestations.listingId, listingId))
    .orderBy(desc(attestations.createdAt))
    .limit(1);
  return check ? { ...check, passed: check.passed === 1 } : null;
}

async function sumBurn(ctx: Ctx, listingId: ListingId) {
  const [burn] = await ctx.db
    .select({
      buyers: sql<number>`count(distinct ${grants.buyerId})::int`,
      burnedNano: sql<bigint>`coalesce(sum(${grants.capturedNano}), 0)`.mapWith(BigInt),
    })
    .from(grants)
    .where(eq(grants.listingId, listingId));
  return burn ?? { buyers: 0, burnedNano: 0n };
}

/** The seller's facts of today: the copies on an ended listing are as old as its end. */
function withSellerFacts<L extends object>(listing: L, profile: typeof sellerProfiles.$inferSelect | null): L {
  if (!profile) return listing;
  const { publicName, burnedNano, failedLots } = profile;
  return { ...listing, level: computeLevel(profile), sellerName: publicName, sellerBurnedNano: burnedNano, sellerFailedLots: failedLots };
}

/** When the seller declared the face value that stands now: with the last submission, or with the last raise that was approved. */
async function findDeclaration(ctx: Ctx, listingId: ListingId): Promise<Date | null> {
  const steps = await ctx.db
    .select({ step: listingReviews.step, at: listingReviews.createdAt })
    .from(listingReviews)
    .where(and(eq(listingReviews.listingId, listingId), inArray(listingReviews.step, ['submit', 'ask_raise', 'approve_raise'])))
    .orderBy(asc(listingReviews.createdAt), asc(listingReviews.id));
  let [declared, asked]: (Date | null)[] = [null, null];
  for (const { step, at } of steps) {
    if (step === 'submit') declared = at;
    else if (step === 'ask_raise') asked = at;
    else declared = asked;
  }
  return declared ?? null;
}

/** Models priced per image, second of video or second of audio, at their cheapest tier, to show what credit buys. */
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
      creditNano: offers.creditNano,
      discountBps: offers.discountBps,
      expiresAt: offers.expiresAt,
      checkoutId: offers.checkoutId,
    })
    .from(offers)
    .where(and(eq(offers.listingId, listingId), eq(offers.buyerId, ctx.actor.userId), inArray(offers.state, ['open', 'accepted'])))
    .orderBy(desc(offers.createdAt))
    .limit(10);
}
