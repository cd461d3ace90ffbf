import { and, desc, eq, lt } from 'drizzle-orm';
import { listings, offers } from '~db/schema';
import { requireUser, type Ctx } from '~/platform/context';
import { conflict, notFound } from '~/platform/errors';
import { isId } from '~/platform/ids';
import { toPage } from '~/platform/paging';
import { buyerNameFor } from '~/platform/pseudonym.server';

const pageSize = 25;

const columns = {
  id: offers.id,
  listingId: offers.listingId,
  state: offers.state,
  creditNano: offers.creditNano,
  discountBps: offers.discountBps,
  message: offers.message,
  expiresAt: offers.expiresAt,
  payUntilAt: offers.payUntilAt,
  checkoutId: offers.checkoutId,
  createdAt: offers.createdAt,
  listingFaceNano: listings.faceNano,
  listingDiscountBps: listings.discountBps,
  listingExpiresAt: listings.creditExpiresAt,
  listingAvailableNano: listings.availableNano,
  listingState: listings.state,
};

/** The offers that the signed-in buyer made, newest first, a page by key. */
export async function findOffersMade(ctx: Ctx, after: string | null) {
  const rows = await ctx.db
    .select({ ...columns, otherName: listings.sellerName })
    .from(offers)
    .innerJoin(listings, eq(listings.id, offers.listingId))
    .where(and(eq(offers.buyerId, requireUser(ctx)), before(after)))
    .orderBy(desc(offers.id))
    .limit(pageSize + 1);
  return toPage(rows, pageSize, (row) => row.id);
}

/** The offers on the signed-in seller's listings, newest first, a page by key. Sellers see pseudonyms of buyers. */
export async function findOffersGot(ctx: Ctx, after: string | null) {
  const sellerId = requireUser(ctx);
  const rows = await ctx.db
    .select({ ...columns, buyerId: offers.buyerId })
    .from(offers)
    .innerJoin(listings, eq(listings.id, offers.listingId))
    .where(and(eq(offers.sellerId, sellerId), before(after)))
    .orderBy(desc(offers.id))
    .limit(pageSize + 1);
  const { rows: page, next } = toPage(rows, pageSize, (row) => row.id);
  return { rows: page.map(({ buyerId, ...row }) => ({ ...row, otherName: buyerNameFor(sellerId, buyerId) })), next };
}

/**
 * One open offer, for the page on which its buyer or seller confirms a step. @throws DomainError 404 for anyone else and for an unknown
 * id, 409 when it was decided already.
 */
export async function findOpenOffer(ctx: Ctx, as: 'buyer' | 'seller', offerId: string | null): Promise<OfferRow> {
  const owner = as === 'buyer' ? offers.buyerId : offers.sellerId;
  if (!isId('offer', offerId)) throw notFound('offer');
  const [row] = await ctx.db
    .select({ ...columns, sellerId: offers.sellerId, buyerId: offers.buyerId, sellerName: listings.sellerName })
    .from(offers)
    .innerJoin(listings, eq(listings.id, offers.listingId))
    .where(and(eq(offers.id, offerId), eq(owner, requireUser(ctx))));
  if (!row) throw notFound('offer');
  if (row.state !== 'open') throw conflict('wrong_state', 'This offer has been decided already. Go back to see where it stands.');
  const { sellerId, buyerId, sellerName, ...offer } = row;
  return { ...offer, otherName: as === 'buyer' ? sellerName : buyerNameFor(sellerId, buyerId) };
}

export type OfferRow = Awaited<ReturnType<typeof findOffersMade>>['rows'][number];

function before(after: string | null) {
  return isId('offer', after) ? lt(offers.id, after) : undefined;
}
