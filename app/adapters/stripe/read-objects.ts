import type Stripe from 'stripe';
import type { StripeRefund, StripeSession } from '~/modules/payments/stripe-port';

/** The SDK hands on a 404 without an error key as if it were the object (docs/money.md#calls-and-their-outcomes): believe nothing without its name and id. */
function mustBe(object: { object?: string; id?: string }, kind: string): void {
  if (object.object !== kind || !object.id) throw new Error(`Stripe answered something that is no ${kind}.`);
}

export function readSession(session: Stripe.Checkout.Session): StripeSession {
  mustBe(session, 'checkout.session');
  return {
    id: session.id,
    checkoutId: session.client_reference_id,
    status: statusOf(session.status),
    paid: session.payment_status === 'paid',
    mode: session.mode,
    currency: session.currency ?? '',
    totalCents: BigInt(session.amount_total ?? 0),
    url: session.url,
    payment: readPayment(session.payment_intent),
  };
}

function statusOf(status: string | null): StripeSession['status'] {
  return status === 'complete' || status === 'expired' ? status : 'open';
}

function readPayment(intent: string | Stripe.PaymentIntent | null): StripeSession['payment'] {
  if (intent === null) return null;
  if (typeof intent === 'string') return { paymentIntentId: intent, chargeId: null, feeCents: null, cardLastFour: null };
  const charge = intent.latest_charge;
  if (charge === null || typeof charge === 'string')
    return { paymentIntentId: intent.id, chargeId: charge, feeCents: null, cardLastFour: null };
  const settlement = charge.balance_transaction;
  return {
    paymentIntentId: intent.id,
    chargeId: charge.id,
    feeCents: settlement !== null && typeof settlement === 'object' ? BigInt(settlement.fee) : null,
    cardLastFour: charge.payment_method_details?.card?.last4 ?? null,
  };
}

export function readRefund(refund: Stripe.Refund): StripeRefund {
  mustBe(refund, 'refund');
  return {
    id: refund.id,
    refundId: refund.metadata?.['refundId'] ?? null,
    status: refund.status === 'succeeded' ? 'succeeded' : refund.status === 'failed' || refund.status === 'canceled' ? 'failed' : 'pending',
    failure: refund.failure_reason ?? null,
  };
}
