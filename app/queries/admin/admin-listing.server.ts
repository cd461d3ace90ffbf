import { and, asc, desc, eq, ne, sql } from 'drizzle-orm';
import {
  attestations,
  auditLog,
  grants,
  listingReviews,
  listings,
  priceChanges,
  providerAccounts,
  sellerProfiles,
  termsAcceptances,
  users,
} from '~db/schema';
import { requireAdmin, type Ctx } from '~/platform/context';
import { daysBetween } from '~/platform/dates';
import { notFound } from '~/platform/errors';
import { isId, type ListingId, type UserId } from '~/platform/ids';
import { shownState } from '~/modules/listings/listing-machine';
import { reviewFlags } from '~/modules/listings/review-flags';
import { findAdminLots } from './admin-lots.server';
import { nextInQueue } from './admin-queue.server';

/** A listing with all facts for an admin's decision, without its token or fingerprint. @throws DomainError 404. */
export async function adminListingPage(ctx: Ctx, listingId: string) {
  const adminId = requireAdmin(ctx);
  if (!isId('listing', listingId)) throw notFound('listing');
  const [row] = await ctx.db.select().from(listings).where(eq(listings.id, listingId));
  if (!row) throw notFound('listing');
  const key = { at: row.submittedAt ?? row.createdAt, id: row.id };
  const [seller, account, trail, others, market, next] = await Promise.all([
    findSeller(ctx, row.sellerId),
    findAccount(ctx, row.providerAccountId),
    findHistory(ctx, listingId),
    findAdminLots(ctx, row.sellerId, listingId),
    bestPriceNow(ctx, listingId),
    nextInQueue(ctx, adminId, key),
  ]);
  const steps = new Set(trail.reviews.map((review) => review.step));
  return {
    listing: {
      ...row,
      secretId: null,
      hasToken: row.secretId !== null,
      shown: shownState(row),
      daysLeft: daysBetween(ctx.now, row.creditExpiresAt),
    },
    own: row.sellerId === adminId,
    flags: reviewFlags({ ...row, answered: steps.has('answer'), rejected: steps.has('reject') }, ctx.now),
    seller,
    account,
    others,
    next,
    ...market,
    ...trail,
  };
}

async function findSeller(ctx: Ctx, sellerId: UserId) {
  const [row] = await ctx.db
    .select({
      name: users.name,
      email: users.email,
      verifiedAt: users.verifiedAt,
      suspendedAt: users.suspendedAt,
      createdAt: users.createdAt,
      publicName: sellerProfiles.publicName,
      burnedNano: sellerProfiles.burnedNano,
      failedLots: sellerProfiles.failedLots,
      seasonedAt: sellerProfiles.seasonedAt,
    })
    .from(users)
    .leftJoin(sellerProfiles, eq(sellerProfiles.userId, users.id))
    .where(eq(users.id, sellerId));
  const [terms] = await ctx.db
    .select({ version: termsAcceptances.version, acceptedAt: termsAcceptances.acceptedAt })
    .from(termsAcceptances)
    .where(and(eq(termsAcceptances.userId, sellerId), eq(termsAcceptances.occasion, 'listing')))
    .orderBy(desc(termsAcceptances.acceptedAt))
    .limit(1);
  return row ? { ...row, terms: terms ?? null } : null;
}

async function findAccount(ctx: Ctx, id: (typeof providerAccounts.$inferSelect)['id']) {
  const [row] = await ctx.db.select().from(providerAccounts).where(eq(providerAccounts.id, id));
  return row ?? null;
}

async function bestPriceNow(ctx: Ctx, listingId: ListingId) {
  const [best] = await ctx.db
    .select({ bps: sql<number | null>`max(${listings.discountBps})` })
    .from(listings)
    .where(and(eq(listings.state, 'active'), sql`${listings.availableNano} > 0`, ne(listings.id, listingId)));
  const [open] = await ctx.db
    .select({ n: sql<number>`count(*)::int` })
    .from(grants)
    .where(and(eq(grants.listingId, listingId), sql`${grants.state} in ('open', 'frozen')`));
  return { bestDiscountBps: best?.bps ?? null, openGrants: open?.n ?? 0 };
}

async function findHistory(ctx: Ctx, listingId: ListingId) {
  const [reviews, checks, prices, audit] = await Promise.all([
    ctx.db
      .select({
        id: listingReviews.id,
        step: listingReviews.step,
        reasonCode: listingReviews.reasonCode,
        note: listingReviews.note,
        createdAt: listingReviews.createdAt,
        actorName: users.name,
      })
      .from(listingReviews)
      .leftJoin(users, eq(users.id, listingReviews.actorId))
      .where(eq(listingReviews.listingId, listingId))
      .orderBy(asc(listingReviews.createdAt), asc(listingReviews.id)),
    ctx.db.select().from(attestations).where(eq(attestations.listingId, listingId)).orderBy(desc(attestations.createdAt)).limit(20),
    ctx.db.select().from(priceChanges).where(eq(priceChanges.listingId, listingId)).orderBy(desc(priceChanges.createdAt)).limit(20),
    ctx.db.select().from(auditLog).where(eq(auditLog.subject, listingId)).orderBy(desc(auditLog.seq)).limit(50),
  ]);
  return { reviews, checks, prices, audit };
}
