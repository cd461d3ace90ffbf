import { and, asc, eq, inArray } from 'drizzle-orm';
import { checkouts, transactions } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { ListingId } from '~/platform/ids';

/** The signed-in buyer's unpaid checkouts, which reserve credit, on one lot or on all; at most 20, soonest to end first. */
export async function findOpenCheckouts(ctx: Ctx, listingId?: ListingId) {
  if (ctx.actor.kind !== 'user') return [];
  return ctx.db
    .select({
      checkoutId: checkouts.id,
      listingId: transactions.listingId,
      creditNano: transactions.creditNano,
      priceCents: transactions.priceCents,
      offerId: checkouts.offerId,
      expiresAt: checkouts.expiresAt,
    })
    .from(checkouts)
    .innerJoin(transactions, eq(transactions.checkoutId, checkouts.id))
    .where(
      and(
        eq(checkouts.buyerId, ctx.actor.userId),
        inArray(checkouts.state, ['starting', 'open']),
        listingId ? eq(transactions.listingId, listingId) : undefined,
      ),
    )
    .orderBy(asc(checkouts.expiresAt))
    .limit(20);
}
