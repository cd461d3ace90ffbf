import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStripeSandbox, type Exchange, type StripeSandbox } from '~sandbox/stripe';
import { prepareConformance, validateEvent, validateExchange } from '~sandbox/stripe/conformance';
import { operations } from '~sandbox/stripe/conformance/operations';

const secretKey = 'sk_test_conformance';
const exchanges: Exchange[] = [];
let sandbox: StripeSandbox;
let stripe: Stripe;

const newSession = () =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    allowed_payment_method_types: ['card'],
    line_items: [{ quantity: 2, price_data: { currency: 'usd', unit_amount: 12_345, product_data: { name: 'Replicate credit' } } }],
    success_url: 'https://shop.test/paid?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://shop.test/back',
    client_reference_id: 'checkout-1',
    customer_email: 'buyer@example.com',
    metadata: { checkoutId: '1' },
    payment_intent_data: { metadata: { checkoutId: '1' }, transfer_group: 'checkout-1', description: 'Credit' },
    payment_method_options: { card: { request_three_d_secure: 'any' } },
    expires_at: Math.floor(Date.now() / 1000) + 40 * 60,
  });

beforeAll(async () => {
  sandbox = await startStripeSandbox({ port: 0, secretKey, onExchange: (exchange) => exchanges.push(exchange) });
  stripe = new Stripe(secretKey, { host: '127.0.0.1', port: sandbox.port, protocol: 'http', maxNetworkRetries: 0 });
  prepareConformance();
  await useEveryOperation();
}, 60_000);

afterAll(() => sandbox.close());

async function useEveryOperation(): Promise<void> {
  const endpoint = await stripe.webhookEndpoints.create({
    url: 'http://127.0.0.1:9/hook',
    enabled_events: ['charge.succeeded'],
    description: 'x',
  });
  await stripe.webhookEndpoints.retrieve(endpoint.id);
  await stripe.webhookEndpoints.list({ limit: 3 });
  const paid = await newSession();
  sandbox.control.paySession(paid.id);
  const declined = await newSession();
  sandbox.control.paySession(declined.id, { card: '4000000000009995' });
  await stripe.checkout.sessions.retrieve(declined.id, { expand: ['payment_intent.latest_charge'] });
  const challenged = await newSession();
  sandbox.control.paySession(challenged.id, { card: '4000002500003155' });
  const unauthenticated = await newSession();
  sandbox.control.paySession(unauthenticated.id, { card: '4000002760003184', challenge: 'fail' });
  await stripe.checkout.sessions.expire(unauthenticated.id);
  await stripe.checkout.sessions.expire((await newSession()).id, { expand: ['line_items'] });
  await stripe.checkout.sessions.list({ limit: 100, expand: ['data.payment_intent'], created: { gte: 0 }, status: 'complete' });
  await stripe.checkout.sessions.listLineItems(paid.id, { limit: 5 });

  const session = await stripe.checkout.sessions.retrieve(paid.id, {
    expand: ['line_items', 'payment_intent.latest_charge.balance_transaction', 'payment_intent.payment_method'],
  });
  const intent = session.payment_intent as Stripe.PaymentIntent;
  const charge = intent.latest_charge as Stripe.Charge;
  await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge.refunds'] });
  await stripe.paymentIntents.list({ created: { lte: 4_000_000_000 }, expand: ['data.latest_charge'] });
  const refund = await stripe.refunds.create({
    payment_intent: intent.id,
    amount: 1_000,
    metadata: { refundId: 'r1' },
    reason: 'requested_by_customer',
  });
  await stripe.refunds.create({ charge: charge.id, expand: ['charge', 'balance_transaction'] });
  await stripe.refunds.retrieve(refund.id, { expand: ['payment_intent', 'charge'] });
  await stripe.refunds.list({ payment_intent: intent.id });
  await stripe.charges.retrieve(charge.id, { expand: ['refunds', 'payment_intent'] });
  await stripe.charges.list({ payment_intent: intent.id });
  await stripe.balance.retrieve();
  const { data } = await stripe.balanceTransactions.list({ source: charge.id, expand: ['data.source'] });
  await stripe.balanceTransactions.retrieve(data[0]?.id ?? '');
  const events = await stripe.events.list({ limit: 100, types: ['charge.*', 'refund.*'] });
  await stripe.events.list({ limit: 100, delivery_success: true });
  await stripe.events.retrieve(events.data[0]?.id ?? '');
  await stripe.webhookEndpoints.del(endpoint.id);
}

describe("Stripe's own types", () => {
  it.each(Object.keys(operations))('agree with request and answer of %s', (operation) => {
    const seen = exchanges.filter((exchange) => exchange.operation === operation);
    expect(seen.length).toBeGreaterThan(0);
    for (const exchange of seen) {
      expect(exchange.status).toBe(200);
      expect(validateExchange(exchange)).toEqual([]);
    }
  });

  it('agree with the payload of every kind of event', async () => {
    const events = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
    expect(new Set(events.map((event) => event.type))).toEqual(
      new Set([
        'charge.failed', 'charge.refunded', 'charge.succeeded', 'checkout.session.completed', 'checkout.session.expired',
        'payment_intent.canceled', 'payment_intent.created', 'payment_intent.payment_failed', 'payment_intent.requires_action',
        'payment_intent.succeeded', 'refund.created', 'refund.updated',
      ]), // prettier-ignore
    );
    expect(events.flatMap((event) => validateEvent(JSON.parse(JSON.stringify(event))))).toEqual([]);
  });

  it('reject a parameter Stripe removed, a wrong mode, and an unknown property', async () => {
    const bad = { ...exchanges.find((exchange) => exchange.operation === 'checkout.sessions.create') } as Exchange;
    const withParameter = (name: string, value: string) => validateExchange({ ...bad, parameters: { ...bad.parameters, [name]: value } });
    expect(withParameter('payment_method_types', 'card').join()).toContain('payment_method_types');
    expect(withParameter('mode', 'buy').join()).toContain('/mode');
    expect(validateExchange({ ...bad, body: { ...(bad.body as object), surprise: 1 } }).join()).toContain('surprise');
    await expect(
      stripe.rawRequest('POST', '/v1/checkout/sessions', { mode: 'payment', payment_method_types: ['card'] }),
    ).rejects.toMatchObject({
      statusCode: 400,
    });
  });

  it('accept the shape of Stripe errors', async () => {
    await expect(stripe.charges.retrieve('ch_none')).rejects.toMatchObject({ code: 'resource_missing', statusCode: 404 });
    const refused = exchanges.filter((exchange) => exchange.status >= 400 && exchange.operation === 'charges.retrieve');
    expect(refused.flatMap(validateExchange)).toEqual([]);
  });
});
