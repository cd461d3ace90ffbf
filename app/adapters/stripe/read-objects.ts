import type Stripe from 'stripe';
import { divide } from '~/platform/money';
import type { StripeRefund, StripeSession } from '~/modules/payments/stripe-port';

/**
 * The SDK returns a 404 without an error key as if it were the object (docs/money.md#calls-and-their-outcomes), so check its type and
 * id.
 */
function mustBe(object: { object?: string; id?: string }, kind: string): void {
  if (object.object !== kind || !object.id) throw new Error(`Stripe answered something that is no ${kind}.`);
}

export function readSession(session: Stripe.Checkout.Session): StripeSession {
  mustBe(session, 'checkout.session');
  return {
    id: session.id,
    checkoutId: session.client_reference_id,
    status: toStatus(session.status),
    paid: session.payment_status === 'paid',
    mode: session.mode,
    currency: session.currency ?? '',
    totalCents: BigInt(session.amount_total ?? 0),
    url: session.url,
    payment: readPayment(session.payment_intent),
  };
}

function toStatus(status: string | null): StripeSession['status'] {
  return status === 'complete' || status === 'expired' ? status : 'open';
}

function readPayment(intent: string | Stripe.PaymentIntent | null): StripeSession['payment'] {
  if (intent === null) return null;
  if (typeof intent === 'string') return { paymentIntentId: intent, chargeId: null, feeCents: null, cardLastFour: null };
  const charge = intent.latest_charge;
  if (charge === null || typeof charge === 'string')
    return { paymentIntentId: intent.id, chargeId: charge, feeCents: null, cardLastFour: null };
  return {
    paymentIntentId: intent.id,
    chargeId: charge.id,
    feeCents: feeSql(charge),
    cardLastFour: charge.payment_method_details?.card?.last4 ?? null,
  };
}

/**
 * Stripe's fee in US cents, rounded up; null if not known yet. For an account that settles in another currency it is converted at the
 * rate of this charge.
 */
function feeSql({ amount, balance_transaction: settlement }: Stripe.Charge): bigint | null {
  if (settlement === null || typeof settlement === 'string') return null;
  if (settlement.currency === 'usd') return BigInt(settlement.fee);
  return settlement.amount > 0 ? divide(BigInt(settlement.fee) * BigInt(amount), BigInt(settlement.amount), 'up') : null;
}

export function readRefund(refund: Stripe.Refund): StripeRefund {
  mustBe(refund, 'refund');
  return {
    id: refund.id,
    refundId: refund.metadata?.['refundId'] ?? null,
    paymentIntentId: typeof refund.payment_intent === 'string' ? refund.payment_intent : (refund.payment_intent?.id ?? null),
    amountCents: BigInt(refund.amount),
    currency: refund.currency,
    status: refund.status === 'succeeded' ? 'succeeded' : refund.status === 'failed' || refund.status === 'canceled' ? 'failed' : 'pending',
    failure: refund.failure_reason ?? null,
  };
}
