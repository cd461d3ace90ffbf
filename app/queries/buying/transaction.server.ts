import { and, asc, eq } from 'drizzle-orm';
import { grants, listings, payments, refunds, transactionEvents, transactions } from '~db/schema';
import { requireUser, type Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import { isId } from '~/platform/ids';

/** One purchase with its money, its credit and its timeline, for its own buyer. @throws DomainError 404 for anyone else. */
export async function findTransactionPage(ctx: Ctx, transactionId: string | undefined) {
  const buyerId = requireUser(ctx);
  if (!isId('transaction', transactionId)) throw notFound('purchase');
  const [row] = await ctx.db
    .select({
      transaction: transactions,
      sellerName: listings.sellerName,
      mendUntilAt: listings.mendUntilAt,
      pauseReason: listings.stateReason,
      lot: { faceNano: listings.faceNano, discountBps: listings.discountBps, creditExpiresAt: listings.creditExpiresAt },
      grant: grants,
      paidAt: payments.paidAt,
      cardLastFour: payments.cardLastFour,
    })
    .from(transactions)
    .innerJoin(listings, eq(listings.id, transactions.listingId))
    .leftJoin(grants, eq(grants.transactionId, transactions.id))
    .leftJoin(payments, eq(payments.checkoutId, transactions.checkoutId))
    .where(and(eq(transactions.id, transactionId), eq(transactions.buyerId, buyerId)));
  if (!row) throw notFound('purchase');
  const [events, refundRows] = await Promise.all([
    ctx.db
      .select({
        id: transactionEvents.id,
        kind: transactionEvents.kind,
        sentence: transactionEvents.sentence,
        at: transactionEvents.createdAt,
      })
      .from(transactionEvents)
      .where(eq(transactionEvents.transactionId, transactionId))
      .orderBy(asc(transactionEvents.createdAt), asc(transactionEvents.id)),
    ctx.db
      .select({ id: refunds.id, state: refunds.state, amountCents: refunds.amountCents, settledAt: refunds.settledAt })
      .from(refunds)
      .where(eq(refunds.transactionId, transactionId))
      .orderBy(asc(refunds.createdAt)),
  ]);
  return { ...row, grant: row.grant ? toBurn(row.grant) : null, events, refunds: refundRows };
}

/** Only the fields that pages need; not the secret's id. */
function toBurn(grant: typeof grants.$inferSelect) {
  const { state, creditNano, availableNano, authorizedNano, capturedNano, returnedNano, endsAt } = grant;
  return { state, creditNano, availableNano, authorizedNano, capturedNano, returnedNano, endsAt };
}
