import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { transactions } from '~db/schema';
import { requireUser, type Ctx } from '~/platform/context';
import { conflict, notFound } from '~/platform/errors';
import { idToUuid, newId, type CheckoutId, type ListingId, type TransactionId } from '~/platform/ids';
import { kept } from '~/platform/kept-query';
import { written } from '~/platform/written-statement';
import { transactionTransitions, type TransactionStep } from './transaction-machine';

export type Transaction = typeof transactions.$inferSelect;
const changeable = ['settlementAt', 'deliveredAt', 'endedAt', 'closingReason'] as const;
type Changes = Partial<Pick<Transaction, (typeof changeable)[number]>>;

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

const byCheckout = kept<{ checkoutId: CheckoutId }>()((db, value) =>
  db
    .select()
    .from(transactions)
    .where(eq(transactions.checkoutId, value('checkoutId', transactions.checkoutId)))
    .orderBy(asc(transactions.id)),
);

export async function findCheckoutTransactions(ctx: Ctx, checkoutId: CheckoutId): Promise<Transaction[]> {
  return byCheckout(ctx, { checkoutId });
}

type Move = ReturnType<typeof moving>;

/** A step's statement, with the columns that it changes beside the state. */
function moving(step: TransactionStep, names: (keyof Changes)[]) {
  const { from, to } = transactionTransitions[step];
  return kept<Changes & { id: TransactionId }>()((db, value) =>
    db
      .update(transactions)
      .set({ ...Object.fromEntries(names.map((name) => [name, sql`${value(name, transactions[name])}`])), state: to })
      .where(and(eq(transactions.id, value('id', transactions.id)), inArray(transactions.state, [...from])))
      .returning(),
  );
}

const moves = new Map<string, Move>();

function toMove(step: TransactionStep, changes: Changes): Move {
  const names = changeable.filter((name) => changes[name] !== undefined);
  const key = `${step} ${names.join(' ')}`;
  const move = moves.get(key) ?? moving(step, names);
  moves.set(key, move);
  return move;
}

/** One step by compare-and-set. @throws 409 when the state does not allow it (any more). */
export async function transition(tx: Ctx, id: TransactionId, step: TransactionStep, changes: Changes = {}): Promise<Transaction> {
  const [row] = await toMove(step, changes)(tx, { ...changes, id });
  if (!row) throw conflict('wrong_state', 'This purchase has moved on since. Reload to see where it stands.');
  return row;
}

const insertEvent = `
  insert into transaction_events (id, transaction_id, kind, sentence, created_at)
  values ($1::uuid, $2::uuid, $3, $4, $5::timestamptz)`;

/** What the buyer reads on the timeline; `kind` is for machines. */
export async function addTransactionEvent(tx: Ctx, transactionId: TransactionId, kind: string, sentence: string): Promise<void> {
  const id = idToUuid(newId('event', tx.now));
  await tx.db.execute(written(insertEvent, [id, idToUuid(transactionId), kind, sentence, tx.now.toISOString()]));
}

interface Out {
  /** Negative: a refund was withdrawn. */
  refundedCents?: bigint;
  sellerCents?: bigint;
  feeCents?: bigint;
  /** What the platform added; negative: it took that back. */
  lostCents?: bigint;
  /** Credit that returned to its listing. */
  givenBackNano?: bigint;
}

/** Adds to what has left the held money, or came into it; the row's check keeps the sum within the price. */
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

/** The buyer of a checkout agrees that use may begin at once. What was agreed to before stays as it was. */
export async function recordUseConsent(ctx: Ctx, checkoutId: CheckoutId, version: string): Promise<void> {
  await ctx.db
    .update(transactions)
    .set({ useConsentAt: ctx.now, useConsentVersion: version })
    .where(and(eq(transactions.checkoutId, checkoutId), eq(transactions.buyerId, requireUser(ctx)), isNull(transactions.useConsentAt)));
}

/** The buyer's declaration to withdraw. Call behind a lock on the transaction. */
export async function recordWithdrawal(tx: Ctx, id: TransactionId): Promise<void> {
  await tx.db.update(transactions).set({ withdrawnAt: tx.now }).where(eq(transactions.id, id));
  await addTransactionEvent(tx, id, 'withdrawn', 'You withdrew from the contract. An acknowledgement was mailed to you.');
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

const spending = `
  select
    (select coalesce(sum(price_cents), 0) from transactions
      where buyer_id = $1::uuid and created_at >= $2::timestamptz and state not in ('expired', 'canceled'))::text as cents,
    (select delivered_at from transactions where buyer_id = $1::uuid and delivered_at is not null order by created_at limit 1) as first_paid_at`;

/** Price of what a buyer has started or paid since a time; and when the first purchase that was paid was delivered. */
export async function sumSpending(ctx: Ctx, buyerId: Transaction['buyerId'], since: Date): Promise<Spending> {
  const [row] = await ctx.db.execute<{ cents: string; first_paid_at: string | null }>(
    written(spending, [idToUuid(buyerId), since.toISOString()]),
  );
  return { cents: BigInt(row?.cents ?? '0'), firstPaidAt: row?.first_paid_at ? new Date(row.first_paid_at) : null };
}
