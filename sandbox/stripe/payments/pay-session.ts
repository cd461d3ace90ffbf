import type Stripe from 'stripe';
import type { CardDetails, SessionPlan } from '../core/records';
import { getId } from '../core/get-id';
import type { World } from '../core/world';
import { chargeBalanceTransaction } from '../objects/balance-transaction';
import { newFailedCharge, newSuccessfulCharge } from '../objects/charge';
import { customerDetails } from '../objects/checkout-session';
import { newPaymentIntent } from '../objects/payment-intent';
import { newPaymentMethod } from '../objects/payment-method';
import { emitEvent } from '../webhooks/emit-event';
import { authenticationFailure, findTestCard, type TestCard } from './cards';

export type PayOutcome =
  | { kind: 'paid'; session: Stripe.Checkout.Session }
  | { kind: 'challenge'; session: Stripe.Checkout.Session }
  | { kind: 'declined'; session: Stripe.Checkout.Session; message: string }
  | { kind: 'closed'; session: Stripe.Checkout.Session };

interface Attempt {
  session: Stripe.Checkout.Session;
  plan: SessionPlan;
  intent: Stripe.PaymentIntent;
  card: CardDetails;
  paymentMethodId: string;
  authenticated: boolean;
}

/** One press of Pay. Only the first of several pays; the others find the session closed. Call inside `perform`. */
export function paySession(world: World, session: Stripe.Checkout.Session, plan: SessionPlan, card: CardDetails): PayOutcome {
  if (session.status !== 'open') return { kind: 'closed', session };
  const behaviour = findTestCard(card.number);
  const attempt = beginAttempt(world, session, plan, card);
  if (behaviour?.needsChallenge === true) return askForAuthentication(world, attempt);
  if (behaviour?.decline !== undefined) return decline(world, attempt, behaviour.decline);
  return succeed(world, attempt);
}

/** The cardholder passed or failed 3-D Secure. */
export function answerChallenge(world: World, session: Stripe.Checkout.Session, plan: SessionPlan, passed: boolean): PayOutcome {
  const intent = world.tables.paymentIntent.get(getId(session.payment_intent));
  if (session.status !== 'open' || plan.challengedCard === null || intent === undefined) return { kind: 'closed', session };
  const attempt = { session, plan, intent, card: plan.challengedCard, paymentMethodId: getId(intent.payment_method), authenticated: true };
  world.put('sessionPlan', { ...plan, challengedCard: null });
  if (passed) return succeed(world, attempt);
  failIntent(world, attempt, { type: 'card_error', ...authenticationFailure }, null);
  return { kind: 'declined', session, message: authenticationFailure.message };
}

function beginAttempt(world: World, session: Stripe.Checkout.Session, plan: SessionPlan, card: CardDetails): Attempt {
  const method = world.put('paymentMethod', newPaymentMethod(world, card, session.customer_email));
  const known = world.tables.paymentIntent.get(getId(session.payment_intent));
  if (known !== undefined) return { session, plan, intent: known, card, paymentMethodId: method.id, authenticated: false };
  const intent = world.put('paymentIntent', newPaymentIntent(world, session, plan));
  emitEvent(world, 'payment_intent.created', intent);
  const linked = world.put('checkoutSession', { ...session, payment_intent: intent.id });
  return { session: linked, plan, intent, card, paymentMethodId: method.id, authenticated: false };
}

function askForAuthentication(world: World, attempt: Attempt): PayOutcome {
  const intent = world.put('paymentIntent', {
    ...attempt.intent,
    last_payment_error: null,
    next_action: { redirect_to_url: { return_url: attempt.session.url, url: `${attempt.session.url}/challenge` }, type: 'redirect_to_url' },
    payment_method: attempt.paymentMethodId,
    status: 'requires_action',
  });
  world.put('sessionPlan', { ...attempt.plan, challengedCard: attempt.card });
  emitEvent(world, 'payment_intent.requires_action', intent);
  return { kind: 'challenge', session: attempt.session };
}

function decline(world: World, attempt: Attempt, reason: NonNullable<TestCard['decline']>): PayOutcome {
  const charge = world.put('charge', newFailedCharge(world, { ...attempt, email: attempt.session.customer_email }, reason));
  emitEvent(world, 'charge.failed', charge);
  const error = {
    charge: charge.id,
    code: reason.code,
    decline_code: reason.declineCode,
    message: reason.message,
    type: 'card_error',
  } as const;
  failIntent(world, attempt, error, charge.id);
  return { kind: 'declined', session: attempt.session, message: reason.message };
}

function failIntent(world: World, attempt: Attempt, error: Stripe.PaymentIntent.LastPaymentError, chargeId: string | null): void {
  const method = world.tables.paymentMethod.get(attempt.paymentMethodId);
  const intent = world.put('paymentIntent', {
    ...attempt.intent,
    last_payment_error: { ...error, ...(method !== undefined && { payment_method: method }) },
    latest_charge: chargeId ?? attempt.intent.latest_charge,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  emitEvent(world, 'payment_intent.payment_failed', intent);
}

function succeed(world: World, attempt: Attempt): PayOutcome {
  const email = attempt.session.customer_email;
  const unsettled = newSuccessfulCharge(world, { ...attempt, email });
  const settlement = world.put('balanceTransaction', chargeBalanceTransaction(world, unsettled));
  const charge = world.put('charge', { ...unsettled, balance_transaction: settlement.id });
  const intent = world.put('paymentIntent', {
    ...attempt.intent,
    amount_received: attempt.intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: attempt.paymentMethodId,
    status: 'succeeded',
  });
  const session = world.put('checkoutSession', {
    ...attempt.session,
    customer_details: customerDetails(email),
    payment_intent: intent.id,
    payment_status: 'paid',
    status: 'complete',
    url: null,
  });
  emitEvent(world, 'charge.succeeded', charge);
  emitEvent(world, 'payment_intent.succeeded', intent);
  emitEvent(world, 'checkout.session.completed', session);
  return { kind: 'paid', session };
}
