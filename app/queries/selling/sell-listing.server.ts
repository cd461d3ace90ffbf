import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { grants, listingReviews, listings, priceChanges, probes, providerAccounts, transactions } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import { isId, type UserId } from '~/platform/ids';
import { buyerNameFor } from '~/platform/pseudonym.server';
import { shownState } from '~/modules/listings/listing-machine';
import { daysBetween } from '~/platform/dates';
import { earnedSql } from './sell.server';

/** The seller's own listing with its reviews, prices and sales. @throws DomainError 404 for another seller's. */
export async function sellerListingPage(ctx: Ctx, sellerId: UserId, listingId: string) {
  if (!isId('listing', listingId)) throw notFound('listing');
  const [row] = await ctx.db
    .select()
    .from(listings)
    .where(and(eq(listings.id, listingId), eq(listings.sellerId, sellerId)));
  if (!row) throw notFound('listing');
  const [account, reviews, prices, lastProbes, sales] = await Promise.all([
    ctx.db
      .select({ username: providerAccounts.username, accountType: providerAccounts.accountType })
      .from(providerAccounts)
      .where(eq(providerAccounts.id, row.providerAccountId)),
    ctx.db
      .select({
        step: listingReviews.step,
        reasonCode: listingReviews.reasonCode,
        // A note with an approval is between admins.
        note: sql<
          string | null
        >`case when ${listingReviews.step} not in ('approve', 'reinstate', 'reinstate_paused') then ${listingReviews.note} end`,
        createdAt: listingReviews.createdAt,
      })
      .from(listingReviews)
      .where(eq(listingReviews.listingId, listingId))
      .orderBy(asc(listingReviews.createdAt), asc(listingReviews.id)),
    ctx.db.select().from(priceChanges).where(eq(priceChanges.listingId, listingId)).orderBy(desc(priceChanges.createdAt)).limit(20),
    ctx.db
      .select({ state: probes.state, endedAt: probes.endedAt, createdAt: probes.createdAt })
      .from(probes)
      .where(and(eq(probes.listingId, listingId), eq(probes.sellerId, sellerId)))
      .orderBy(desc(probes.createdAt))
      .limit(1),
    ctx.db
      .select({
        id: transactions.id,
        buyerId: transactions.buyerId,
        state: transactions.state,
        creditNano: transactions.creditNano,
        discountBps: transactions.discountBps,
        priceCents: transactions.priceCents,
        refundedCents: transactions.refundedCents,
        burnedNano: sql<string>`coalesce(${grants.capturedNano}, 0)`,
        earnedCents: sql<string>`${earnedSql}`,
        createdAt: transactions.createdAt,
      })
      .from(transactions)
      .leftJoin(grants, eq(grants.transactionId, transactions.id))
      .where(
        and(
          eq(transactions.listingId, listingId),
          eq(transactions.sellerId, sellerId),
          sql`${transactions.state} in ('delivered', 'frozen', 'completed', 'refunded', 'covered')`,
        ),
      )
      .orderBy(desc(transactions.id))
      .limit(100),
  ]);
  return {
    listing: {
      ...row,
      shown: shownState(row),
      hasToken: row.secretId !== null,
      secretId: null,
      daysLeft: daysBetween(ctx.now, row.creditExpiresAt),
    },
    account: account[0] ?? null,
    reviews,
    prices,
    probe: lastProbes[0] ?? null,
    sales: sales.map(({ buyerId, ...sale }) => ({
      ...sale,
      buyerName: buyerNameFor(sellerId, buyerId),
      burnedNano: BigInt(sale.burnedNano),
      earnedCents: BigInt(sale.earnedCents),
    })),
  };
}

export type SellerListingPage = Awaited<ReturnType<typeof sellerListingPage>>;
