import { and, eq, inArray } from 'drizzle-orm';
import { transactions } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { formatDateTime } from '~/platform/dates';
import type { CheckoutId, ListingId, TransactionId } from '~/platform/ids';
import { formatNano } from '~/platform/money';
import { addTransactionEvent, transition, type Transaction } from './transaction-store.server';

/** The payment arrived: the buyer can burn the credit, and the money is held until settlement day. */
export async function deliverTransaction(tx: Ctx, { id, creditNano }: Transaction, facts: { settlementAt: Date }): Promise<void> {
  const sentence = `Payment received. ${formatNano(creditNano)} of credit is in the wallet; the money is held until burned.`;
  await Promise.all([
    transition(tx, id, 'deliver', { settlementAt: facts.settlementAt, deliveredAt: tx.now }),
    addTransactionEvent(tx, id, 'delivered', sentence),
  ]);
}

/** The payment arrived, but the lot cannot deliver. The caller has requested a full refund. */
export async function turnBackTransaction(tx: Ctx, id: TransactionId, why: string): Promise<Transaction> {
  const row = await transition(tx, id, 'turnBack', { endedAt: tx.now });
  await addTransactionEvent(tx, id, 'turned_back', `Payment received, but ${why}. All of it goes back to your card.`);
  return row;
}

/** Freezes all delivered purchases of a lot: nothing is burned or released until they are thawed or refunded. */
export async function freezeTransactions(tx: Ctx, listingId: ListingId, reason: string): Promise<Transaction[]> {
  const rows = await tx.db
    .update(transactions)
    .set({ state: 'frozen' })
    .where(and(eq(transactions.listingId, listingId), eq(transactions.state, 'delivered')))
    .returning();
  for (const row of rows) await addTransactionEvent(tx, row.id, 'frozen', reason);
  return rows;
}

/** The lot works again: thaws its purchases, except those whose refund is in progress. */
export async function thawTransactions(
  tx: Ctx,
  listingId: ListingId,
  reason = 'The lot works again. Your credit is usable.',
): Promise<Transaction[]> {
  const waiting = await tx.db
    .select({ id: transactions.id, closingReason: transactions.closingReason })
    .from(transactions)
    .where(and(eq(transactions.listingId, listingId), eq(transactions.state, 'frozen')))
    .orderBy(transactions.id)
    .for('update');
  const thawed: Transaction[] = [];
  for (const { id, closingReason } of waiting) {
    if (closingReason !== null) continue;
    thawed.push(await transition(tx, id, 'thaw'));
    await addTransactionEvent(tx, id, 'thawed', reason);
  }
  return thawed;
}

/** Freezes one purchase while its refund waits for open runs. */
export async function freezeForRefund(tx: Ctx, transaction: Transaction, reason: string): Promise<void> {
  if (transaction.state === 'delivered') await transition(tx, transaction.id, 'freeze', { closingReason: reason });
  else await tx.db.update(transactions).set({ closingReason: reason }).where(eq(transactions.id, transaction.id));
  await addTransactionEvent(
    tx,
    transaction.id,
    'closing',
    `${reason} The unburned part is refunded when the runs that are still open have ended.`,
  );
}

/** Completes a purchase: it is burned completely, or its settlement day has come. No money is held any more. */
export async function completeTransaction(tx: Ctx, id: TransactionId, sentence: string): Promise<Transaction> {
  const row = await transition(tx, id, 'complete', { endedAt: tx.now, closingReason: null });
  await addTransactionEvent(tx, id, 'completed', sentence);
  return row;
}

/** The unburned part goes back to the buyer's card. */
export async function markRefunded(tx: Ctx, id: TransactionId, sentence: string): Promise<Transaction> {
  const row = await transition(tx, id, 'refund', { endedAt: tx.now, closingReason: null });
  await addTransactionEvent(tx, id, 'refunded', sentence);
  return row;
}

/** The checkout ended without a payment. Idempotent. */
export async function endUnpaid(tx: Ctx, checkoutId: CheckoutId, as: 'expired' | 'canceled'): Promise<void> {
  const rows = await tx.db
    .update(transactions)
    .set({ state: as, endedAt: tx.now })
    .where(and(eq(transactions.checkoutId, checkoutId), inArray(transactions.state, ['awaiting_payment'])))
    .returning({ id: transactions.id });
  const sentence =
    as === 'expired'
      ? `Not paid in time. The credit went back on the market on ${formatDateTime(tx.now)}.`
      : 'Canceled before payment. The credit went back on the market.';
  for (const { id } of rows) await addTransactionEvent(tx, id, as, sentence);
}
