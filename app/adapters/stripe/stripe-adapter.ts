import Stripe from 'stripe';
import type { SessionRequest, StripeEvent, StripePort, StripeRefund, StripeSession } from '~/modules/payments/stripe-port';
import { orNull, toOutcome } from './outcome';
import { readRefund, readSession } from './read-objects';

export interface StripeSettings {
  secretKey: string;
  webhookSecret: string;
  /** Null for Stripe itself, else the sandbox's origin. */
  apiUrl: string | null;
}

/** The API version of this SDK. An upgrade of the SDK does not compile until someone has checked this. */
const API_VERSION = '2026-10-28.endive';
const PAYMENT_DETAILS = ['payment_intent.latest_charge.balance_transaction'];
const FIVE_MINUTES = 300;
const PAGE = 100;
/** Searching for a session by our own id stops after this many: far more than a market opens in the relevant minutes. */
const LOOK_UP_LIMIT = 5_000;

/** The only code that calls Stripe. The sandbox uses the same code. */
export function createStripe(settings: StripeSettings): StripePort {
  const stripe = connect(settings);
  return {
    createCheckoutSession: (request, idempotencyKey) =>
      toOutcome(stripe.checkout.sessions.create(toSessionParams(request), { idempotencyKey }), readSession),
    expireCheckoutSession: (id) => toOutcome(stripe.checkout.sessions.expire(id), readSession),
    createRefund: (request, idempotencyKey) =>
      toOutcome(
        stripe.refunds.create(
          { payment_intent: request.paymentIntentId, amount: Number(request.amountCents), metadata: { refundId: request.refundId } },
          { idempotencyKey },
        ),
        readRefund,
      ),
    retrieveCheckoutSession: (id) => orNull(stripe.checkout.sessions.retrieve(id, { expand: PAYMENT_DETAILS }).then(readSession)),
    retrieveRefund: (id) => orNull(stripe.refunds.retrieve(id).then(readRefund)),
    findSessionByCheckout: (checkoutId, since) => findSession(stripe, checkoutId, since),
    findSessionByPayment: (paymentIntentId) => findSessionByPayment(stripe, paymentIntentId),
    refundsOfPayment: (paymentIntentId) => refundsOfPayment(stripe, paymentIntentId),
    refundsSince: (since) => refundsSince(stripe, since),
    completedSessions: (since) => completedSessions(stripe, since),
    readEvent: (rawBody, signature) => readEvent(stripe, settings.webhookSecret, rawBody, signature),
  };
}

function connect({ secretKey, apiUrl }: StripeSettings): Stripe {
  const url = apiUrl === null ? null : new URL(apiUrl);
  return new Stripe(secretKey, {
    apiVersion: API_VERSION,
    maxNetworkRetries: 1,
    timeout: 10_000,
    telemetry: false,
    appInfo: { name: 'credit-mart' },
    ...(url && {
      host: url.hostname,
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      protocol: url.protocol === 'https:' ? 'https' : 'http',
    }),
  });
}

function toSessionParams(request: SessionRequest): Stripe.Checkout.SessionCreateParams {
  const metadata = { checkoutId: request.checkoutId };
  return {
    mode: 'payment',
    allowed_payment_method_types: ['card'],
    client_reference_id: request.checkoutId,
    line_items: request.lines.map((line) => ({
      quantity: 1,
      price_data: { currency: 'usd', unit_amount: line.amountCents, product_data: { name: line.name, description: line.description } },
    })),
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    expires_at: request.expiresAt,
    metadata,
    payment_intent_data: { transfer_group: request.checkoutId, metadata },
    ...(request.customerEmail !== null && { customer_email: request.customerEmail }),
    ...(request.requestThreeDSecure && { payment_method_options: { card: { request_three_d_secure: 'any' } } }),
  };
}

async function findSession(stripe: Stripe, checkoutId: string, since: Date): Promise<StripeSession | null> {
  const created = { gte: Math.floor(since.getTime() / 1000) - FIVE_MINUTES };
  let seen = 0;
  for await (const session of stripe.checkout.sessions.list({ created, limit: PAGE })) {
    if (session.client_reference_id === checkoutId) return readSession(session);
    seen += 1;
    if (seen >= LOOK_UP_LIMIT) throw new Error('Too many sessions at Stripe to look through.');
  }
  return null;
}

async function findSessionByPayment(stripe: Stripe, paymentIntentId: string): Promise<StripeSession | null> {
  const { data } = await stripe.checkout.sessions.list({ payment_intent: paymentIntentId, limit: 1 });
  return data[0] ? readSession(data[0]) : null;
}

async function refundsOfPayment(stripe: Stripe, paymentIntentId: string): Promise<StripeRefund[]> {
  const found: StripeRefund[] = [];
  for await (const refund of stripe.refunds.list({ payment_intent: paymentIntentId, limit: PAGE })) found.push(readRefund(refund));
  return found;
}

async function* refundsSince(stripe: Stripe, since: Date): AsyncIterable<StripeRefund> {
  const created = { gte: Math.floor(since.getTime() / 1000) };
  for await (const refund of stripe.refunds.list({ created, limit: PAGE })) yield readRefund(refund);
}

async function* completedSessions(stripe: Stripe, since: Date): AsyncIterable<StripeSession> {
  const created = { gte: Math.floor(since.getTime() / 1000) };
  for await (const session of stripe.checkout.sessions.list({ status: 'complete', created, limit: PAGE })) yield readSession(session);
}

async function readEvent(stripe: Stripe, secret: string, rawBody: Buffer, signature: string): Promise<StripeEvent | null> {
  try {
    const event = await stripe.webhooks.constructEventAsync(rawBody, signature, secret);
    const { object } = event.data;
    if (typeof event.id !== 'string' || !('id' in object) || typeof object.id !== 'string') return null;
    return { id: event.id, type: event.type, objectId: object.id };
  } catch {
    // The SDK has an error for each case (forged, stale, no event). We treat them alike.
    return null;
  }
}
