import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { rowsOf } from '~db/rows';
import { transactions } from '~db/schema';
import { requireUser, type Ctx } from '~/platform/context';
import { conflict, notFound } from '~/platform/errors';
import { idToUuid, newId, type CheckoutId, type ListingId, type TransactionId } from '~/platform/ids';
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

const transactionRows = rowsOf(transactions);

export async function findCheckoutTransactions(ctx: Ctx, checkoutId: CheckoutId): Promise<Transaction[]> {
  const { sql } = ctx.db;
  const rows =
    await sql`select ${sql(transactionRows.names)} from transactions where checkout_id = ${idToUuid(checkoutId)}::uuid order by id`;
  return rows.map((row) => transactionRows.toModel(row));
}

/** One step by compare-and-set. @throws 409 if the state does not allow it. */
export async function transition(tx: Ctx, id: TransactionId, step: TransactionStep, changes: Changes = {}): Promise<Transaction> {
  const { from, to } = transactionTransitions[step];
  const { sql } = tx.db;
  const [row] = await sql`
    update transactions set ${sql(transactionRows.toColumns({ ...changes, state: to }))}
    where id = ${idToUuid(id)}::uuid and state in ${sql([...from])}
    returning ${sql(transactionRows.names)}`;
  if (!row) throw conflict('wrong_state', 'This purchase has moved on since. Reload to see where it stands.');
  return transactionRows.toModel(row);
}

/** Adds an event to the buyer's timeline: `sentence` is for people, `kind` for code. */
export async function addTransactionEvent(tx: Ctx, transactionId: TransactionId, kind: string, sentence: string): Promise<void> {
  const id = idToUuid(newId('event', tx.now));
  await tx.db.sql`
    insert into transaction_events (id, transaction_id, kind, sentence, created_at)
    values (${id}::uuid, ${idToUuid(transactionId)}::uuid, ${kind}, ${sentence}, ${tx.now.toISOString()}::timestamptz)`;
}

interface Out {
  /** Negative if a refund was withdrawn. */
  refundedCents?: bigint;
  sellerCents?: bigint;
  feeCents?: bigint;
  /** The platform's addition; negative if it was taken back. */
  lostCents?: bigint;
  /** Credit that returned to its listing. */
  givenBackNano?: bigint;
}

/** Adds to the amounts that left the held money. A check on the row keeps their sum within the price. */
export async function addOut(tx: Ctx, id: TransactionId, out: Out): Promise<void> {
  await tx.db
    .update(transactions)
    .set({
      refundedCents: sql`${transactions.refundedCents} + ${out.refundedCents ?? 0n}`,
      releasedSellerCents: sql`${transactions.releasedSellerCents} + ${out.sellerCents ?? 0n}`,
      releasedFeeCents: sql`${transactions.releasedFeeCents} + ${out.feeCents ?? 0n}`,
      lostCents: sql`${transactions.lostCents} + ${out.lostCents ?? 0n}`,
      givenBackNano: sql`${transactions.givenBackNano} + ${out.givenBackNano ?? 0n}`,
    })
    .where(eq(transactions.id, id));
}

/** Records that a checkout's buyer agreed to immediate use. An earlier consent stays. */
export async function recordUseConsent(ctx: Ctx, checkoutId: CheckoutId, version: string): Promise<void> {
  await ctx.db
    .update(transactions)
    .set({ useConsentAt: ctx.now, useConsentVersion: version })
    .where(and(eq(transactions.checkoutId, checkoutId), eq(transactions.buyerId, requireUser(ctx)), isNull(transactions.useConsentAt)));
}

/** Records the buyer's withdrawal. Call behind a lock on the transaction. */
export async function recordWithdrawal(tx: Ctx, id: TransactionId): Promise<void> {
  await tx.db.update(transactions).set({ withdrawnAt: tx.now }).where(eq(transactions.id, id));
  await addTransactionEvent(tx, id, 'withdrawn', 'You withdrew from the contract. An acknowledgement was mailed to you.');
}

/** Delivered purchases past their settlement day, oldest first, at most `limit`. */
export async function transactionsToSettle(ctx: Ctx, limit: number): Promise<TransactionId[]> {
  const rows = await ctx.db
    .select({ id: transactions.id })
    .from(transactions)
    .where(and(eq(transactions.state, 'delivered'), lte(transactions.settlementAt, ctx.now)))
    .orderBy(asc(transactions.settlementAt))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Purchases of a lot with held money, ordered by id. */
export async function transactionsHeldOn(ctx: Ctx, listingId: ListingId): Promise<TransactionId[]> {
  const rows = await ctx.db
    .select({ id: transactions.id })
    .from(transactions)
    .where(and(eq(transactions.listingId, listingId), inArray(transactions.state, ['delivered', 'frozen'])))
    .orderBy(asc(transactions.id));
  return rows.map((row) => row.id);
}

/** A page of purchases whose refund waits for open runs, by id from `after`. */
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

/** The total price of a buyer's started and paid purchases since a time, and when the first paid one was delivered. */
export async function sumSpending(ctx: Ctx, buyerId: Transaction['buyerId'], since: Date): Promise<Spending> {
  const [row] = await ctx.db.sql<{ cents: string; first_paid_at: string | null }[]>`
    select
      (select coalesce(sum(price_cents), 0) from transactions
        where buyer_id = ${idToUuid(buyerId)}::uuid and created_at >= ${since.toISOString()}::timestamptz and state not in ('expired', 'canceled'))::text as cents,
      (select delivered_at from transactions where buyer_id = ${idToUuid(buyerId)}::uuid and delivered_at is not null order by created_at limit 1) as first_paid_at`;
  return { cents: BigInt(row?.cents ?? '0'), firstPaidAt: row?.first_paid_at ? new Date(row.first_paid_at) : null };
}
