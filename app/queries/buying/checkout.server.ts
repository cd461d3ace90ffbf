import { and, asc, eq } from 'drizzle-orm';
import { checkouts, listings, payments, transactions } from '~db/schema';
import { requireUser, type Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import { isId } from '~/platform/ids';

/** A checkout and the lots in it, for its own buyer. @throws DomainError 404 for anyone else. */
export async function findCheckoutPage(ctx: Ctx, checkoutId: string | undefined) {
  const buyerId = requireUser(ctx);
  if (!isId('checkout', checkoutId)) throw notFound('checkout');
  const [checkout] = await ctx.db
    .select({
      id: checkouts.id,
      state: checkouts.state,
      totalCents: checkouts.totalCents,
      offerId: checkouts.offerId,
      stripeUrl: checkouts.stripeUrl,
      expiresAt: checkouts.expiresAt,
      paidAt: checkouts.paidAt,
      createdAt: checkouts.createdAt,
      cardLastFour: payments.cardLastFour,
    })
    .from(checkouts)
    .leftJoin(payments, eq(payments.checkoutId, checkouts.id))
    .where(and(eq(checkouts.id, checkoutId), eq(checkouts.buyerId, buyerId)));
  if (!checkout) throw notFound('checkout');
  return { checkout, lots: await findBoughtLots(ctx, checkout.id) };
}

function findBoughtLots(ctx: Ctx, checkoutId: typeof checkouts.$inferSelect.id) {
  return ctx.db
    .select({
      transactionId: transactions.id,
      listingId: transactions.listingId,
      sellerName: listings.sellerName,
      lot: { faceNano: listings.faceNano, discountBps: listings.discountBps, creditExpiresAt: listings.creditExpiresAt },
      state: transactions.state,
      creditNano: transactions.creditNano,
      discountBps: transactions.discountBps,
      priceCents: transactions.priceCents,
      refundedCents: transactions.refundedCents,
      creditExpiresAt: transactions.creditExpiresAt,
      settlementAt: transactions.settlementAt,
      useConsentAt: transactions.useConsentAt,
    })
    .from(transactions)
    .innerJoin(listings, eq(listings.id, transactions.listingId))
    .where(eq(transactions.checkoutId, checkoutId))
    .orderBy(asc(transactions.creditExpiresAt), asc(transactions.id));
}

export type BoughtLot = Awaited<ReturnType<typeof findBoughtLots>>[number];
