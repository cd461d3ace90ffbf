import { desc, eq, ilike, inArray, or, sql, type AnyColumn, type SQL } from 'drizzle-orm';
import {
  accessKeys,
  checkouts,
  grants,
  listings,
  offers,
  payments,
  providerAccounts,
  refunds,
  runs,
  sellerProfiles,
  stripeEvents,
  transactions,
  users,
} from '~db/schema';
import { shownState } from '~/modules/listings/listing-machine';
import { requireAdmin, type Ctx } from '~/platform/context';
import { likePattern } from '~/platform/like-pattern';
import { idPrefixes, isId, type IdKind } from '~/platform/ids';

const MOST = 20;
export const longestSearch = 200;

/**
 * Finds people, lots and purchases by one text: a part of a name, mail address or Replicate username; a whole or short id of ours; an id
 * of Stripe (session, payment, charge, refund, event) or of a Replicate prediction. Newest first, at most 20 of each.
 */
export async function adminSearch(ctx: Ctx, typed: string) {
  requireAdmin(ctx);
  const text = typed.trim().slice(0, longestSearch);
  if (text === '') return { people: [], lots: [], purchases: [] };
  const term = await resolveStripeEvent(ctx, text);
  const [people, lots, purchases] = await Promise.all([findPeople(ctx, term), findLots(ctx, term), findPurchases(ctx, term)]);
  return { people, lots, purchases };
}

/** Replaces the id of a Stripe event by the id of its object. */
async function resolveStripeEvent(ctx: Ctx, text: string): Promise<string> {
  const [event] = await ctx.db.select({ objectId: stripeEvents.objectId }).from(stripeEvents).where(eq(stripeEvents.id, text));
  return event?.objectId ?? text;
}

function findPeople(ctx: Ctx, term: string) {
  const keys = ctx.db.select({ id: accessKeys.buyerId }).from(accessKeys);
  return ctx.db
    .select({ id: users.id, name: users.name, email: users.email, role: users.role, suspendedAt: users.suspendedAt })
    .from(users)
    .leftJoin(sellerProfiles, eq(sellerProfiles.userId, users.id))
    .where(
      or(
        byId('user', users.id, term),
        contains(users.email, term),
        contains(users.name, term),
        contains(sellerProfiles.publicName, term),
        isId('accessKey', term) ? inArray(users.id, keys.where(eq(accessKeys.id, term))) : undefined,
      ),
    )
    .orderBy(desc(users.id))
    .limit(MOST);
}

async function findLots(ctx: Ctx, term: string) {
  const ofOffers = ctx.db.select({ id: offers.listingId }).from(offers);
  const rows = await ctx.db
    .select({ listing: listings })
    .from(listings)
    .leftJoin(providerAccounts, eq(providerAccounts.id, listings.providerAccountId))
    .where(
      or(
        byId('listing', listings.id, term),
        byId('user', listings.sellerId, term),
        contains(listings.sellerName, term),
        contains(providerAccounts.username, term),
        isId('offer', term) ? inArray(listings.id, ofOffers.where(eq(offers.id, term))) : undefined,
      ),
    )
    .orderBy(desc(listings.id))
    .limit(MOST);
  return rows.map(({ listing }) => ({
    id: listing.id,
    sellerName: listing.sellerName,
    state: shownState(listing),
    faceNano: listing.faceNano,
    discountBps: listing.discountBps,
    creditExpiresAt: listing.creditExpiresAt,
    soldNano: listing.soldNano,
    burnedNano: listing.burnedNano,
  }));
}

function findPurchases(ctx: Ctx, term: string) {
  const ofRuns = ctx.db.select({ id: grants.transactionId }).from(runs).innerJoin(grants, eq(grants.id, runs.grantId));
  const ofRefunds = ctx.db.select({ id: refunds.transactionId }).from(refunds);
  const ofGrants = ctx.db.select({ id: grants.transactionId }).from(grants);
  return ctx.db
    .select({
      id: transactions.id,
      state: transactions.state,
      creditNano: transactions.creditNano,
      priceCents: transactions.priceCents,
      createdAt: transactions.createdAt,
      buyerName: users.name,
    })
    .from(transactions)
    .innerJoin(checkouts, eq(checkouts.id, transactions.checkoutId))
    .innerJoin(users, eq(users.id, transactions.buyerId))
    .leftJoin(payments, eq(payments.checkoutId, transactions.checkoutId))
    .where(
      or(
        byId('transaction', transactions.id, term),
        byId('checkout', transactions.checkoutId, term),
        byId('user', transactions.buyerId, term),
        byId('user', transactions.sellerId, term),
        byId('listing', transactions.listingId, term),
        byId('payment', payments.id, term),
        contains(users.email, term),
        contains(users.name, term),
        eq(checkouts.stripeSessionId, term),
        eq(payments.stripePaymentIntentId, term),
        eq(payments.stripeChargeId, term),
        inArray(transactions.id, ofRefunds.where(or(eq(refunds.stripeRefundId, term), byId('refund', refunds.id, term)))),
        inArray(transactions.id, ofRuns.where(or(eq(runs.upstreamId, term), byId('run', runs.id, term)))),
        isId('grant', term) ? inArray(transactions.id, ofGrants.where(eq(grants.id, term))) : undefined,
      ),
    )
    .orderBy(desc(transactions.id))
    .limit(MOST);
}

/** A whole id, or a short one as pages show it (`lst_3f09ac`). */
function byId(kind: IdKind, column: AnyColumn, term: string): SQL | undefined {
  if (isId(kind, term)) return eq(column, term);
  const short = new RegExp(`^${idPrefixes[kind]}_([0-9a-f]{6})$`).exec(term);
  return short ? sql`right(${column}::text, 6) = ${short[1]}` : undefined;
}

function contains(column: AnyColumn, term: string): SQL {
  return ilike(column, likePattern(term));
}
