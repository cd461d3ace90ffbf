import { recordAudit } from '~/modules/audit/index.server';
import { lockListing } from '~/modules/listings/index.server';
import { notifyUser } from '~/modules/notifications/index.server';
import { saleWithdrawn, withdrawalAcknowledged } from '~/modules/notifications/mails/withdrawal';
import { findPayment } from '~/modules/payments/index.server';
import { findTransaction, lockTransaction, recordWithdrawal, type Transaction } from '~/modules/transactions/index.server';
import { withdrawalEndsAt } from '~/modules/transactions/withdrawal';
import { atomic, requireUser, type Ctx } from '~/platform/context';
import { formatDateTime } from '~/platform/dates';
import { conflict, invariant, notFound } from '~/platform/errors';
import { isId } from '~/platform/ids';
import { refundUnburned, type RefundState } from './refund-unburned.server';

const REASON = 'You withdrew from the contract.';

/**
 * The buyer withdraws from the contract (EU consumer law, see `withdrawal.ts`): the unburned part is refunded now, or when the runs that are
 * still open have ended. In one atomic block with the dated acknowledgement to the buyer, a mail to the seller and the audit record.
 * @throws DomainError 404 for anyone else's purchase; 409 when it was withdrawn before, nothing of it is held any more, its refund is
 * under way already, all of it is burned, or the time is over.
 */
export async function withdrawFromContract(ctx: Ctx, transactionId: string): Promise<RefundState> {
  const buyerId = requireUser(ctx);
  if (!isId('transaction', transactionId)) throw notFound('transaction');
  return atomic(ctx, async (tx) => {
    const { listingId, buyerId: owner } = await findTransaction(tx, transactionId);
    if (owner !== buyerId) throw notFound('transaction');
    await lockListing(tx, listingId);
    const transaction = await lockTransaction(tx, transactionId);
    const paidAt = await requireWithdrawable(tx, transaction);
    await recordWithdrawal(tx, transaction.id);
    const refund = await refundUnburned(tx, { transactionId, reason: REASON });
    if (refund.state === 'nothing') throw allBurned();
    await tellBoth(tx, transaction, paidAt, refund);
    await recordAudit(tx, 'purchase.withdrawn', transaction.id, auditFacts(refund));
    return refund;
  });
}

/** The time of the payment, if the purchase can be withdrawn from now. */
async function requireWithdrawable(tx: Ctx, transaction: Transaction): Promise<Date> {
  const { state, withdrawnAt, closingReason, settlementAt } = transaction;
  if (withdrawnAt)
    throw conflict('already_withdrawn', `You withdrew from this contract on ${formatDateTime(withdrawnAt)}. There is nothing left to do.`);
  if (state !== 'delivered' && state !== 'frozen')
    throw conflict('nothing_held', 'Nothing of this purchase is held any more, so there is nothing to withdraw from.');
  if (closingReason !== null) throw conflict('refund_under_way', 'The unburned part of this purchase is being refunded already.');
  const payment = await findPayment(tx, transaction.checkoutId);
  invariant(payment && settlementAt, 'a delivered purchase was paid');
  const endsAt = withdrawalEndsAt(payment.paidAt, settlementAt);
  if (endsAt <= tx.now) throw conflict('withdrawal_over', `You could withdraw until ${formatDateTime(endsAt)}. That time is over.`);
  return payment.paidAt;
}

function allBurned() {
  return conflict('all_burned', 'All of this credit is burned, so the contract is fulfilled and there is nothing left to withdraw from.');
}

async function tellBoth(tx: Ctx, transaction: Transaction, paidAt: Date, refund: RefundState): Promise<void> {
  const refundCents = refund.state === 'refunded' ? refund.amountCents : null;
  const buyerName = tx.actor.kind === 'user' ? tx.actor.name : '';
  const facts = { ...transaction, transactionId: transaction.id, buyerName, paidAt, withdrawnAt: tx.now, refundCents };
  await notifyUser(tx, transaction.buyerId, withdrawalAcknowledged(facts, tx.config.publicUrl));
  await notifyUser(tx, transaction.sellerId, saleWithdrawn(facts, tx.config.publicUrl));
}

function auditFacts(refund: RefundState): Record<string, string> {
  return refund.state === 'refunded' ? { refundCents: refund.amountCents.toString() } : { refund: 'waits for open runs' };
}
