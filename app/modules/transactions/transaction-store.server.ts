import { and, asc, eq, gt, gte, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import { transactionEvents, transactions } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { conflict, notFound } from '~/platform/errors';
import { newId, type CheckoutId, type ListingId, type TransactionId } from '~/platform/ids';
import { transactionTransitions, type TransactionStep } from './transaction-machine';

export type Transaction = typeof transactions.$inferSelect;
type Changes = Partial<Pick<Transaction, 'settlementAt' | 'deliveredAt' | 'endedAt' | 'closingReason'>>;

export async function findTransaction(ctx: Ctx, id: TransactionId): Promise<Transaction> {
  const [row] = await ctx.db.select().from(transactions).where(eq(transactions.id, id));
  if (!row) throw notFound('transaction');
  return row;
}

/** The row, locked until the caller's block ends. */
export async function lockTransaction(tx: Ctx, id: TransactionId): Promise<Transaction> {
  const [row] = await tx.db.select().from(transactions).where(eq(transactions.id, id)).for('update');
  if (!row) throw notFound('transaction');
  return row;
}

export async function transactionsOfCheckout(ctx: Ctx, checkoutId: CheckoutId): Promise<Transaction[]> {
  return ctx.db.select().from(transactions).where(eq(transactions.checkoutId, checkoutId)).orderBy(asc(transactions.id));
}

/** One step by compare-and-set. @throws 409 when the state does not allow it (any more). */
export async function transition(tx: Ctx, id: TransactionId, step: TransactionStep, changes: Changes = {}): Promise<Transaction> {
  const rule = transactionTransitions[step];
  const [row] = await tx.db
    .update(transactions)
    .set({ ...changes, state: rule.to })
    .where(and(eq(transactions.id, id), inArray(transactions.state, [...rule.from])))
    .returning();
  if (!row) throw conflict('wrong_state', 'This purchase has moved on since. Reload to see where it stands.');
  return row;
}

/** What the buyer reads on the timeline; `kind` is for machines. */
export async function addTransactionEvent(tx: Ctx, transactionId: TransactionId, kind: string, sentence: string): Promise<void> {
  await tx.db.insert(transactionEvents).values({ id: newId('event', tx.now), transactionId, kind, sentence, createdAt: tx.now });
}

/** Adds to what has left the held money; the row's check keeps the sum within the price. */
export async function addOut(
  tx: Ctx,
  id: TransactionId,
  out: { refundedCents?: bigint; sellerCents?: bigint; feeCents?: bigint },
): Promise<void> {
  await tx.db
    .update(transactions)
    .set({
      refundedCents: sql`${transactions.refundedCents} + ${out.refundedCents ?? 0n}`,
      releasedSellerCents: sql`${transactions.releasedSellerCents} + ${out.sellerCents ?? 0n}`,
      releasedFeeCents: sql`${transactions.releasedFeeCents} + ${out.feeCents ?? 0n}`,
    })
    .where(eq(transactions.id, id));
}

/** Delivered purchases whose settlement day has come, oldest first, at most `limit`. */
export async function transactionsToSettle(ctx: Ctx, limit: number): Promise<TransactionId[]> {
  const rows = await ctx.db
    .select({ id: transactions.id })
    .from(transactions)
    .where(and(eq(transactions.state, 'delivered'), lte(transactions.settlementAt, ctx.now)))
    .orderBy(asc(transactions.settlementAt))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Purchases from a lot on which money is still held, in the order of their ids. */
export async function transactionsHeldOn(ctx: Ctx, listingId: ListingId): Promise<TransactionId[]> {
  const rows = await ctx.db
    .select({ id: transactions.id })
    .from(transactions)
    .where(and(eq(transactions.listingId, listingId), inArray(transactions.state, ['delivered', 'frozen'])))
    .orderBy(asc(transactions.id));
  return rows.map((row) => row.id);
}

/** Purchases whose refund waits for open runs, by key from `after`. */
export async function transactionsClosing(ctx: Ctx, after: TransactionId | null, limit: number): Promise<Transaction[]> {
  return ctx.db
    .select()
    .from(transactions)
    .where(and(eq(transactions.state, 'frozen'), isNotNull(transactions.closingReason), after ? gt(transactions.id, after) : undefined))
    .orderBy(asc(transactions.id))
    .limit(limit);
}

export interface Spending {
  cents: bigint;
  firstPaidAt: Date | null;
}

/** Price of what a buyer has started or paid since a time; and when the first purchase that was paid was delivered. */
export async function spendingOf(ctx: Ctx, buyerId: Transaction['buyerId'], since: Date): Promise<Spending> {
  const ofBuyer = eq(transactions.buyerId, buyerId);
  const recent = ctx.db
    .select({ sum: sql`coalesce(sum(${transactions.priceCents}), 0)`.as('sum') })
    .from(transactions)
    .where(and(ofBuyer, gte(transactions.createdAt, since), sql`${transactions.state} not in ('expired', 'canceled')`));
  const first = ctx.db
    .select({ deliveredAt: transactions.deliveredAt })
    .from(transactions)
    .where(and(ofBuyer, isNotNull(transactions.deliveredAt)))
    .orderBy(asc(transactions.createdAt))
    .limit(1);
  const [row] = await ctx.db.execute<{ cents: string; first_paid_at: string | null }>(
    sql`select (${recent})::text as cents, (${first}) as first_paid_at`,
  );
  return { cents: BigInt(row?.cents ?? '0'), firstPaidAt: row?.first_paid_at ? new Date(row.first_paid_at) : null };
}
