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

/** Stripe tells of a refund: ours is brought up to date, and one that was made in Stripe's Dashboard comes into the book. */
export async function takeInRefund(ctx: Ctx, stripeRefundId: string): Promise<void> {
  const refund = await ctx.ports.stripe.retrieveRefund(stripeRefundId);
  if (refund) await takeIn(ctx, refund);
}

/** Finds the refunds that were made at Stripe in the last 48 hours and of which we never heard. */
export async function reconcileRefunds(ctx: Ctx): Promise<void> {
  for await (const refund of ctx.ports.stripe.refundsSince(addMs(ctx.now, -LOOK_BACK_MS))) {
    // One that cannot be booked now does not hold up the others; the next round comes to it again.
    await takeIn(ctx, refund).catch((error: unknown) =>
      ctx.log.error({ err: error, stripeRefundId: refund.id }, 'a refund of Stripe could not be booked'),
    );
  }
}

/**
 * Makes a decided refund at Stripe. What Stripe has of its payment is looked at first: an answer may have been lost, and a refund by hand
 * may have taken its place.
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
  // Refunds of ours that Stripe has made, but whose answer was lost, must not be taken for unmade.
  for (const other of await ctx.ports.stripe.refundsOfPayment(refund.paymentIntentId)) await recordKnownRefund(ctx, other);
  await atomic(ctx, (tx) => book(tx, payment, refund));
}

/** Null for a payment that is not ours. One that Stripe completed and of which we have not heard yet is taken first. */
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
 * The money has left already, so it is booked whatever the purchase's state. Its credit can no longer be burned. What was refunded beyond
 * the unburned part is the platform's loss: seller and fee get what was burned. A refund of ours that was still to be made is withdrawn
 * first, and made anew for what is left of it. Locks: listing, transaction, grant, ledger.
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

/** What nobody has burned or is burning, in cents: runs that are open count with all that is set aside for them. */
async function computeUnburned(tx: Ctx, transaction: Transaction): Promise<bigint> {
  const paidIn = { ...transaction, priceCents: transaction.priceCents + transaction.lostCents };
  const grant = isOpen(transaction) ? await lockGrant(tx, transaction.id) : null;
  const earned = grant
    ? computeDue(transaction, { creditNano: grant.creditNano, capturedNano: grant.capturedNano + grant.authorizedNano })
    : { sellerCents: transaction.releasedSellerCents, feeCents: transaction.releasedFeeCents };
  return computeRefund(paidIn, earned, transaction.refundedCents);
}

/**
 * Closes the part of the grant that was paid back, and ends the purchase when nothing of it is left to burn. Of a purchase that is still
 * open the credit returns to its listing; of one that was settled the seller has its price. Answers how much can no longer be burned.
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
