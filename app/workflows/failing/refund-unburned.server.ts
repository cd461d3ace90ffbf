import { z } from 'zod';
import { computeDue, computeRefund, lossRecovered, type Due } from '~/modules/ledger/flows';
import { post } from '~/modules/ledger/index.server';
import { lockListing, returnSold } from '~/modules/listings/index.server';
import { closeGrant, type Burn } from '~/modules/metering/index.server';
import { unburnedRefunded } from '~/modules/notifications/mails/payments';
import { notifyUser } from '~/modules/notifications/index.server';
import { findPayment, requestRefund } from '~/modules/payments/index.server';
import {
  addOut,
  completeTransaction,
  findTransaction,
  freezeForRefund,
  lockTransaction,
  markRefunded,
  transactionsClosing,
  type Transaction,
} from '~/modules/transactions/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import { idSchema } from '~/platform/ids';
import { formatCents, formatNano } from '~/platform/money';
import { readBatches } from '~/platform/paging';
import { releaseDue } from '~/workflows/releasing/release-due.server';

export const RefundUnburnedInput = z.object({ transactionId: idSchema('transaction'), reason: z.string().min(1).max(300) });

/** `closing`: runs are still open on it; the refund is made when they have ended. `nothing`: no longer refundable, or all was burned. */
export type RefundState = { state: 'refunded'; amountCents: bigint } | { state: 'closing' } | { state: 'nothing' };

/**
 * The unburned part of a purchase goes back to the buyer's card: its grant is closed, what was burned is released to the seller, the rest
 * is refunded (odd cents to the buyer) and the quantity returns to the listing. `reason` is a sentence for the buyer. Runs that are still
 * open are waited for. Calling it again changes nothing.
 */
export async function refundUnburned(ctx: Ctx, input: z.input<typeof RefundUnburnedInput>): Promise<RefundState> {
  const { transactionId, reason } = RefundUnburnedInput.parse(input);
  return atomic(ctx, async (tx) => {
    // The order of locks is listing, transaction, grant, ledger.
    await lockListing(tx, (await findTransaction(tx, transactionId)).listingId);
    const transaction = await lockTransaction(tx, transactionId);
    if (transaction.state !== 'delivered' && transaction.state !== 'frozen') return { state: 'nothing' };
    const burn = await closeGrant(tx, { transactionId, as: 'failed' });
    if (burn.authorizedNano === 0n) return refundNow(tx, transaction, burn, reason);
    if (transaction.closingReason === null) await freezeForRefund(tx, transaction, reason);
    return { state: 'closing' };
  });
}

async function refundNow(tx: Ctx, transaction: Transaction, burn: Burn, reason: string): Promise<RefundState> {
  const due = computeDue(transaction, burn);
  await releaseDue(tx, transaction, due, burn.capturedNano);
  const amountCents = await leftAfterLoss(tx, transaction, due);
  if (amountCents === 0n && transaction.refundedCents === 0n) {
    await completeTransaction(tx, transaction.id, 'All of it was burned. Nothing is held any more.');
    return { state: 'nothing' };
  }
  const givenBackNano = burn.returnedNano - transaction.givenBackNano;
  await returnSold(tx, transaction.listingId, givenBackNano);
  await addOut(tx, transaction.id, { refundedCents: amountCents, givenBackNano });
  if (amountCents === 0n) {
    await markRefunded(tx, transaction.id, 'Nothing of this purchase is held any more.');
    return { state: 'nothing' };
  }
  const payment = await findPayment(tx, transaction.checkoutId);
  invariant(payment, 'a delivered purchase was paid');
  await markRefunded(
    tx,
    transaction.id,
    `${reason} ${formatCents(amountCents)} for the ${formatNano(givenBackNano)} that was not burned goes back to your card.`,
  );
  await requestRefund(tx, { transactionId: transaction.id, paymentId: payment.id, buyerId: transaction.buyerId, amountCents, reason });
  const facts = { ...transaction, transactionId: transaction.id, refundCents: amountCents, unburnedNano: givenBackNano, reason };
  await notifyUser(tx, transaction.buyerId, unburnedRefunded(facts, tx.config.publicUrl));
  return { state: 'refunded', amountCents };
}

/** The unburned part that is still to go to the card. First the platform takes back what it had added for an earlier refund by hand. */
async function leftAfterLoss(tx: Ctx, transaction: Transaction, due: Due): Promise<bigint> {
  const { id: transactionId, lostCents } = transaction;
  const leftCents = computeRefund({ ...transaction, priceCents: transaction.priceCents + lostCents }, due, transaction.refundedCents);
  const recoveredCents = leftCents < lostCents ? leftCents : lostCents;
  if (recoveredCents > 0n) {
    await post(tx, lossRecovered({ transactionId, amountCents: recoveredCents }));
    await addOut(tx, transactionId, { lostCents: -recoveredCents });
  }
  return leftCents - recoveredCents;
}

const BATCHES = { size: 100, atMost: 20, keyOf: ({ id }: Transaction) => id };

/** Makes the refunds that waited for open runs and no longer have to. */
export async function finishClosingRefunds(ctx: Ctx): Promise<number> {
  let count = 0;
  for await (const waiting of readBatches(BATCHES, (after, size) => transactionsClosing(ctx, after, size))) {
    for (const transaction of waiting) {
      if (await finishClosing(ctx, transaction)) count += 1;
    }
  }
  return count;
}

/** One that cannot be refunded now does not hold up the others; the next sweep comes to it again. */
async function finishClosing(ctx: Ctx, { id: transactionId, closingReason }: Transaction): Promise<boolean> {
  try {
    const { state } = await refundUnburned(ctx, { transactionId, reason: closingReason ?? 'The lot failed.' });
    return state !== 'closing';
  } catch (error) {
    ctx.log.error({ err: error, transactionId }, 'a purchase could not be refunded');
    return false;
  }
}
