import { computeRefundedCredit, computeDue, computeRefund } from '~/modules/ledger/flows';
import { lockListing, returnSold } from '~/modules/listings/index.server';
import { closeGrant, lockGrant, takeBackCredit } from '~/modules/metering/index.server';
import { refundMadeByHand, saleRefundedByHand } from '~/modules/notifications/mails/refunds';
import { notifyUsers } from '~/modules/notifications/index.server';
import {
  bookRefundMade,
  findPaymentByIntent,
  findRefundMade,
  paymentToRefund,
  recordKnownRefund,
  requestRefund,
  sendRefundToStripe,
  withdrawRefunds,
  type Payment,
  type RefundId,
} from '~/modules/payments/index.server';
import type { StripeRefund } from '~/modules/payments/stripe-port';
import {
  addOut,
  addTransactionEvent,
  lockTransaction,
  findCheckoutTransactions,
  type Transaction,
} from '~/modules/transactions/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { addMs, HOUR_MS } from '~/platform/dates';
import { invariant } from '~/platform/errors';
import { formatCents, formatNano } from '~/platform/money';
import { confirmSession } from './confirm-payment.server';
import { refundUnburned } from '~/workflows/failing/refund-unburned.server';

const LOOK_BACK_MS = 48 * HOUR_MS;
const REASON = 'We made a refund by hand.';

/** Records the state of a refund at Stripe: updates one of ours, or books one that was made in Stripe's Dashboard. */
export async function takeInRefund(ctx: Ctx, stripeRefundId: string): Promise<void> {
  const refund = await ctx.ports.stripe.retrieveRefund(stripeRefundId);
  if (refund) await takeIn(ctx, refund);
}

/** Books refunds that were made at Stripe in the last 48 hours without our noticing. */
export async function reconcileRefunds(ctx: Ctx): Promise<void> {
  for await (const refund of ctx.ports.stripe.refundsSince(addMs(ctx.now, -LOOK_BACK_MS))) {
    // A failure must not stop the others; the next run retries it.
    await takeIn(ctx, refund).catch((error: unknown) =>
      ctx.log.error({ err: error, stripeRefundId: refund.id }, 'a refund of Stripe could not be booked'),
    );
  }
}

/**
 * Makes a decided refund at Stripe. Reads the payment's refunds first: an answer may have been lost, or an operator may have refunded by
 * hand.
 */
export async function makeRefund(ctx: Ctx, refundId: RefundId): Promise<void> {
  const payment = await paymentToRefund(ctx, refundId);
  if (!payment) return;
  for (const refund of await ctx.ports.stripe.refundsOfPayment(payment.stripePaymentIntentId)) await takeIn(ctx, refund);
  await sendRefundToStripe(ctx, refundId, payment);
}

async function takeIn(ctx: Ctx, refund: StripeRefund): Promise<void> {
  if (await recordKnownRefund(ctx, refund)) return;
  if (refund.status === 'failed' || refund.paymentIntentId === null) return;
  const payment = await findOrTakePayment(ctx, refund.paymentIntentId);
  if (!payment) return;
  invariant(refund.currency === 'usd', `the refund ${refund.id} is in the currency of its payment`);
  // Our own refunds whose answer was lost must not be mistaken for refunds by hand.
  for (const other of await ctx.ports.stripe.refundsOfPayment(refund.paymentIntentId)) await recordKnownRefund(ctx, other);
  await atomic(ctx, (tx) => book(tx, payment, refund));
}

/** The payment of a Stripe payment intent; null if it is not ours. A completed payment that we have not taken yet is taken first. */
async function findOrTakePayment(ctx: Ctx, paymentIntentId: string): Promise<Payment | null> {
  const known = await findPaymentByIntent(ctx, paymentIntentId);
  if (known) return known;
  const session = await ctx.ports.stripe.findSessionByPayment(paymentIntentId);
  if (!session || (await confirmSession(ctx, session.id)) === 'not_ours') return null;
  const payment = await findPaymentByIntent(ctx, paymentIntentId);
  invariant(payment, `the payment ${paymentIntentId} is taken before its refund`);
  return payment;
}

/**
 * Books a refund by hand in any state of the purchase, since the money has left. Its credit can no longer be burned. The amount beyond the
 * unburned part is the platform's loss. A pending refund of ours is withdrawn first and requested again for the rest. Locks: listing, transaction, grant, ledger.
 */
async function book(tx: Ctx, payment: Payment, refund: StripeRefund): Promise<void> {
  const [bought] = await findCheckoutTransactions(tx, payment.checkoutId);
  invariant(bought, 'a payment has its purchase');
  await lockListing(tx, bought.listingId);
  const before = await lockTransaction(tx, bought.id);
  if (await findRefundMade(tx, refund.id)) return;
  const withdrawnCents = await withdrawRefunds(tx, before.id);
  const transaction = { ...before, refundedCents: before.refundedCents - withdrawnCents };
  const { id: transactionId, buyerId } = transaction;
  const { amountCents } = refund;
  const unburnedCents = await computeUnburned(tx, transaction);
  const lostCents = amountCents > unburnedCents ? amountCents - unburnedCents : 0n;
  await addOut(tx, transactionId, { refundedCents: amountCents - withdrawnCents, lostCents });
  const facts = { transactionId, paymentId: payment.id, buyerId, reason: REASON };
  await bookRefundMade(tx, { ...facts, amountCents, lostCents }, refund);
  const takenBackNano = await takeCreditBack(tx, { ...transaction, refundedCents: transaction.refundedCents + amountCents });
  await tell(tx, transaction, { amountCents, takenBackNano });
  const leftCents = unburnedCents - amountCents;
  if (transaction.state === 'refunded' && leftCents > 0n) {
    await addOut(tx, transactionId, { refundedCents: leftCents });
    await requestRefund(tx, { ...facts, amountCents: leftCents, reason: 'The rest of what was not burned.' });
  }
}

const isOpen = ({ state }: Transaction) => state === 'delivered' || state === 'frozen';

/** The unburned part of a purchase in cents. Open runs count as burned with their whole bound. */
async function computeUnburned(tx: Ctx, transaction: Transaction): Promise<bigint> {
  const paidIn = { ...transaction, priceCents: transaction.priceCents + transaction.lostCents };
  const grant = isOpen(transaction) ? await lockGrant(tx, transaction.id) : null;
  const earned = grant
    ? computeDue(transaction, { creditNano: grant.creditNano, capturedNano: grant.capturedNano + grant.authorizedNano })
    : { sellerCents: transaction.releasedSellerCents, feeCents: transaction.releasedFeeCents };
  return computeRefund(paidIn, earned, transaction.refundedCents);
}

/**
 * Closes the refunded part of the grant, and ends the purchase when nothing is left to burn. The credit of an open purchase returns to
 * its listing. Returns how much can no longer be burned.
 */
async function takeCreditBack(tx: Ctx, transaction: Transaction): Promise<bigint> {
  const grant = await lockGrant(tx, transaction.id);
  if (!grant) return 0n;
  const { creditNano, availableNano, returnedNano } = grant;
  const refundedNano = computeRefundedCredit(transaction.priceCents, transaction.refundedCents, creditNano) - returnedNano;
  const open = isOpen(transaction);
  if (refundedNano < availableNano) {
    if (refundedNano <= 0n) return 0n;
    await takeBackCredit(tx, transaction.id, refundedNano);
    if (open) {
      await returnSold(tx, transaction.listingId, refundedNano);
      await addOut(tx, transaction.id, { givenBackNano: refundedNano });
    }
    return refundedNano;
  }
  if (open) await refundUnburned(tx, { transactionId: transaction.id, reason: REASON });
  else await closeGrant(tx, { transactionId: transaction.id, as: 'ended' });
  return availableNano;
}

async function tell(tx: Ctx, transaction: Transaction, made: { amountCents: bigint; takenBackNano: bigint }): Promise<void> {
  const credit = made.takenBackNano > 0n ? ` ${formatNano(made.takenBackNano)} of its credit can no longer be burned.` : '';
  const sentence = `We refunded ${formatCents(made.amountCents)} to your card by hand.${credit}`;
  await addTransactionEvent(tx, transaction.id, 'refunded_by_hand', sentence);
  const facts = { ...transaction, ...made, transactionId: transaction.id };
  const { publicUrl } = tx.config;
  await notifyUsers(tx, [
    { ...refundMadeByHand(facts, publicUrl), userId: transaction.buyerId },
    { ...saleRefundedByHand(facts, publicUrl), userId: transaction.sellerId },
  ]);
}
