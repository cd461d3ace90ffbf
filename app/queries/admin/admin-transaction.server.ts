import { asc, count, eq } from 'drizzle-orm';
import { checkouts, grants, listings, payments, refunds, runs, transactionEvents, transactions, users } from '~db/schema';
import { requireAdmin, type Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import { isId, type TransactionId } from '~/platform/ids';

/** One purchase with its people, money, credit and timeline, for admins. @throws DomainError 404 for others and unknown ids. */
export async function adminTransactionPage(ctx: Ctx, transactionId: string) {
  requireAdmin(ctx);
  if (!isId('transaction', transactionId)) throw notFound('purchase');
  const [row] = await ctx.db
    .select({
      transaction: transactions,
      buyer: { name: users.name, email: users.email },
      sellerName: listings.sellerName,
      stripeSessionId: checkouts.stripeSessionId,
      paymentIntentId: payments.stripePaymentIntentId,
      paidAt: payments.paidAt,
      grant: { state: grants.state, availableNano: grants.availableNano, capturedNano: grants.capturedNano, endsAt: grants.endsAt },
    })
    .from(transactions)
    .innerJoin(checkouts, eq(checkouts.id, transactions.checkoutId))
    .innerJoin(listings, eq(listings.id, transactions.listingId))
    .innerJoin(users, eq(users.id, transactions.buyerId))
    .leftJoin(payments, eq(payments.checkoutId, transactions.checkoutId))
    .leftJoin(grants, eq(grants.transactionId, transactions.id))
    .where(eq(transactions.id, transactionId));
  if (!row) throw notFound('purchase');
  const [events, refundRows, runCount] = await Promise.all([
    findEvents(ctx, transactionId),
    ctx.db.select().from(refunds).where(eq(refunds.transactionId, transactionId)).orderBy(asc(refunds.createdAt)),
    countRuns(ctx, transactionId),
  ]);
  return { ...row, events, refunds: refundRows, runs: runCount };
}

function findEvents(ctx: Ctx, id: TransactionId) {
  return ctx.db
    .select({ title: transactionEvents.sentence, at: transactionEvents.createdAt })
    .from(transactionEvents)
    .where(eq(transactionEvents.transactionId, id))
    .orderBy(asc(transactionEvents.createdAt), asc(transactionEvents.id));
}

async function countRuns(ctx: Ctx, id: TransactionId): Promise<number> {
  const [row] = await ctx.db
    .select({ n: count() })
    .from(runs)
    .innerJoin(grants, eq(grants.id, runs.grantId))
    .where(eq(grants.transactionId, id));
  return row?.n ?? 0;
}
