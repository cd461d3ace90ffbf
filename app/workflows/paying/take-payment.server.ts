import { paymentCaptured, stripeFeeTaken } from '~/modules/ledger/flows';
import { post } from '~/modules/ledger/index.server';
import { confirmSale, giveBackReservations } from '~/modules/listings/index.server';
import { openGrant } from '~/modules/metering/index.server';
import { lotSold, paymentReceived, paymentTurnedBack } from '~/modules/notifications/mails/payments';
import { notifyUser, notifyUsers } from '~/modules/notifications/index.server';
import { markOfferPurchased } from '~/modules/offers/index.server';
import { isEnded } from '~/modules/payments/checkout-machine';
import { findCheckout, moveCheckout, recordPayment, requestRefund, type Checkout, type Payment } from '~/modules/payments/index.server';
import type { StripeSession } from '~/modules/payments/stripe-port';
import { currentPolicy } from '~/modules/policy/index.server';
import {
  addOut,
  deliverTransaction,
  findCheckoutTransactions,
  turnBackTransaction,
  type Transaction,
} from '~/modules/transactions/index.server';
import { burnWindowEnd, settlementDay } from '~/modules/transactions/purchase-amounts';
import { withdrawalEndsAt } from '~/modules/transactions/withdrawal';
import { atomic, type Ctx } from '~/platform/context';
import { crashPoint } from '~/platform/crash-point';
import { invariant } from '~/platform/errors';
import { newId, type SecretId } from '~/platform/ids';
import { buyerNameFor } from '~/platform/pseudonym.server';

/**
 * Takes a completed payment: books it as held money, and for each lot opens a grant or, if the lot cannot deliver or the checkout had
 * ended, refunds it in full. One atomic block behind a compare-and-set on the checkout, so that webhook and return page take it once.
 */
export async function takePayment(ctx: Ctx, checkout: Checkout, session: StripeSession): Promise<void> {
  const { payment: paid } = session;
  invariant(paid, 'a paid session names its payment');
  refuseOtherPayment(checkout, session);
  crashPoint('payment:before-taken');
  const late = isEnded(checkout.state);
  const taken = await atomic(ctx, async (tx) => {
    const [moved, bought, policy] = await Promise.all([
      moveCheckout(tx, checkout.id, late ? 'payLate' : 'pay', { stripeSessionId: session.id, paidAt: tx.now }),
      findCheckoutTransactions(tx, checkout.id),
      currentPolicy(tx),
    ]);
    if (!moved) return false;
    const recording = recordPayment(tx, {
      id: newId('payment', tx.now),
      checkoutId: checkout.id,
      buyerId: checkout.buyerId,
      stripePaymentIntentId: paid.paymentIntentId,
      stripeChargeId: paid.chargeId,
      amountCents: session.totalCents,
      stripeFeeCents: paid.feeCents,
      cardLastFour: paid.cardLastFour,
    });
    const parts = bought.map(({ id, priceCents }) => ({ transactionId: id, priceCents }));
    const [payment] = await Promise.all([
      recording,
      post(tx, paymentCaptured(paid.paymentIntentId, parts)),
      paid.chargeId !== null && paid.feeCents !== null && post(tx, stripeFeeTaken(paid.chargeId, paid.feeCents)),
    ]);
    invariant(payment, 'a checkout is paid once');
    for (const transaction of bought) {
      if (late) await turnBack(tx, transaction, payment, 'your checkout had already ended');
      else await deliverOrTurnBack(tx, transaction, payment, policy.rules.maxHoldDays);
    }
    if (checkout.offerId && !late) await markOfferPurchased(tx, checkout.offerId);
    return true;
  });
  if (taken) return;
  // Another process took the payment or ended the checkout; in the second case the payment is late.
  const now = await findCheckout(ctx, checkout.id);
  if (!late && isEnded(now.state)) await takePayment(ctx, now, session);
}

/** Stripe's payment must match the checkout to the cent. Anything else needs a person. */
function refuseOtherPayment(checkout: Checkout, session: StripeSession): void {
  const same =
    session.checkoutId === checkout.id &&
    (checkout.stripeSessionId === null || checkout.stripeSessionId === session.id) &&
    session.mode === 'payment' &&
    session.currency === 'usd' &&
    session.totalCents === checkout.totalCents;
  invariant(same, `the session ${session.id} is the payment that ${checkout.id} asked for`);
}

async function deliverOrTurnBack(tx: Ctx, transaction: Transaction, payment: Payment, maxHoldDays: number): Promise<void> {
  if (burnWindowEnd(transaction.creditExpiresAt) <= tx.now) {
    await giveBackReservations(tx, transaction.checkoutId, transaction.listingId);
    return turnBack(tx, transaction, payment, 'the credit can no longer be burned');
  }
  const sale = await confirmSale(tx, transaction.checkoutId, transaction.listingId);
  if (sale.sold) await deliver(tx, transaction, payment, { secretId: sale.secretId, maxHoldDays });
  else await turnBack(tx, transaction, payment, sale.why);
}

async function deliver(
  tx: Ctx,
  transaction: Transaction,
  payment: Payment,
  { secretId, maxHoldDays }: { secretId: SecretId; maxHoldDays: number },
): Promise<void> {
  const burnBy = burnWindowEnd(transaction.creditExpiresAt);
  const settlementAt = settlementDay(transaction.creditExpiresAt, tx.now, maxHoldDays);
  const { buyerId, sellerId, listingId, creditNano } = transaction;
  const facts = { ...transaction, transactionId: transaction.id };
  const { publicUrl } = tx.config;
  const receipt = paymentReceived(
    {
      ...facts,
      burnBy,
      settlementAt,
      withdrawUntilAt: withdrawalEndsAt(payment.paidAt, settlementAt),
      paidAt: payment.paidAt,
      cardLastFour: payment.cardLastFour,
    },
    publicUrl,
  );
  await Promise.all([
    deliverTransaction(tx, transaction, { settlementAt }),
    openGrant(tx, { buyerId, sellerId, listingId, secretId, transactionId: transaction.id, creditNano, endsAt: burnBy }),
    notifyUsers(tx, [
      { ...receipt, userId: buyerId },
      { ...lotSold({ ...facts, buyerName: buyerNameFor(sellerId, buyerId) }, publicUrl), userId: sellerId },
    ]),
  ]);
}

async function turnBack(tx: Ctx, transaction: Transaction, payment: Payment, why: string): Promise<void> {
  await turnBackTransaction(tx, transaction.id, why);
  await addOut(tx, transaction.id, { refundedCents: transaction.priceCents });
  await requestRefund(tx, {
    transactionId: transaction.id,
    paymentId: payment.id,
    buyerId: transaction.buyerId,
    amountCents: transaction.priceCents,
    reason: why,
  });
  await notifyUser(tx, transaction.buyerId, paymentTurnedBack({ ...transaction, transactionId: transaction.id }, why, tx.config.publicUrl));
}
