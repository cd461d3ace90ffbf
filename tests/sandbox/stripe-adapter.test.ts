import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createStripe } from '~/adapters/stripe/stripe-adapter';
import type { SessionRequest } from '~/modules/payments/stripe-port';
import { newId } from '~/platform/ids';
import { startStripeSandbox, type Exchange, type StripeSandbox } from '~sandbox/stripe';
import { validateExchange } from '~sandbox/stripe/conformance';

const settings = { secretKey: 'sk_test_adapter', webhookSecret: 'whsec_adapter' };
const now = new Date();

function request(): SessionRequest {
  return {
    checkoutId: newId('checkout', now),
    lines: [{ name: '$100.00 of Replicate credit', description: 'Held until burned.', amountCents: 4_500 }],
    customerEmail: 'buyer@example.com',
    successUrl: 'http://market.test/checkout/chk/complete',
    cancelUrl: 'http://market.test/checkout/chk?canceled=1',
    expiresAt: Math.floor(now.getTime() / 1000) + 2_400,
    requestThreeDSecure: true,
  };
}

describe('against the sandbox', () => {
  let sandbox: StripeSandbox;
  afterEach(() => sandbox.close());

  it('sends and reads only what Stripe’s own types allow, from checkout to refund', async () => {
    const exchanges: Exchange[] = [];
    sandbox = await startStripeSandbox({ port: 0, secretKey: settings.secretKey, onExchange: (exchange) => exchanges.push(exchange) });
    const stripe = createStripe({ ...settings, apiUrl: sandbox.url });
    const asked = request();
    const opened = await stripe.createCheckoutSession(asked, asked.checkoutId);
    if (opened.outcome !== 'done') throw new Error(opened.message);
    expect(await stripe.createCheckoutSession(asked, asked.checkoutId)).toEqual(opened);
    sandbox.control.paySession(opened.value.id);
    const paid = await stripe.retrieveCheckoutSession(opened.value.id);
    expect(paid).toMatchObject({ paid: true, status: 'complete', totalCents: 4_500n, payment: { feeCents: 161n, cardLastFour: '4242' } });
    expect(await stripe.expireCheckoutSession(opened.value.id)).toMatchObject({ outcome: 'not_done', final: true });
    const paymentIntentId = paid?.payment?.paymentIntentId ?? '';
    const refund = await stripe.createRefund({ refundId: 'rfd_1', paymentIntentId, amountCents: 1_000n }, 'rfd_1');
    expect(refund).toMatchObject({ outcome: 'done', value: { refundId: 'rfd_1', status: 'succeeded' } });
    sandbox.control.refundInDashboard(paymentIntentId, 500);
    expect(await stripe.refundsOfPayment(paymentIntentId)).toMatchObject([
      { refundId: null, amountCents: 500n, currency: 'usd', paymentIntentId },
      { refundId: 'rfd_1', amountCents: 1_000n },
    ]);
    for await (const made of stripe.refundsSince(now)) expect(made).toMatchObject({ status: 'succeeded' });
    expect(await stripe.findSessionByPayment(paymentIntentId)).toMatchObject({ id: opened.value.id });
    expect(await stripe.findSessionByCheckout(asked.checkoutId, now)).toMatchObject({ id: opened.value.id });
    expect(await stripe.retrieveCheckoutSession('cs_test_none')).toBeNull();
    expect(exchanges.flatMap((exchange) => validateExchange(exchange))).toEqual([]);
  });

  it('converts a fee in another currency at the exchange rate of that charge, rounded up', async () => {
    const exchanges: Exchange[] = [];
    sandbox = await startStripeSandbox({ port: 0, secretKey: settings.secretKey, onExchange: (exchange) => exchanges.push(exchange) });
    const stripe = createStripe({ ...settings, apiUrl: sandbox.url });
    const opened = await stripe.createCheckoutSession(request(), 'key-jpy');
    if (opened.outcome !== 'done') throw new Error(opened.message);
    sandbox.control.settleIn({ currency: 'jpy', rate: 1.5 });
    sandbox.control.paySession(opened.value.id);
    // $45.00 converts to ¥6,750, and its fee of $1.61 to ¥242, which is $1.613….
    expect((await stripe.retrieveCheckoutSession(opened.value.id))?.payment).toMatchObject({ feeCents: 162n });
    expect(exchanges.flatMap((exchange) => validateExchange(exchange))).toEqual([]);
  });

  it('treats an HTML 502 and a stored 500 as an unknown result, and a 429 as not done and retryable', async () => {
    sandbox = await startStripeSandbox({ port: 0, secretKey: settings.secretKey });
    const stripe = createStripe({ ...settings, apiUrl: sandbox.url });
    const path = '/v1/checkout/sessions';
    sandbox.control.addFault({ kind: '502', path, times: 5 });
    expect(await stripe.createCheckoutSession(request(), 'key-502')).toMatchObject({ outcome: 'unknown' });
    sandbox.control.clearFaults();
    sandbox.control.addFault({ kind: '500', path });
    expect(await stripe.createCheckoutSession(request(), 'key-500')).toMatchObject({ outcome: 'unknown' });
    sandbox.control.clearFaults();
    sandbox.control.addFault({ kind: '429', path, times: 5 });
    expect(await stripe.createCheckoutSession(request(), 'key-429')).toMatchObject({ outcome: 'not_done', final: false });
    sandbox.control.clearFaults();
    expect(await stripe.createCheckoutSession(request(), 'key-502')).toMatchObject({ outcome: 'done' });
  });
});

describe('against a server that is not Stripe', () => {
  let server: Server;
  afterEach(() => new Promise((closed) => server.close(closed)));

  it('never treats a 404 without Stripe’s error object as a missing object', async () => {
    server = createServer((_request, response) => {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"no route"}');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const stripe = createStripe({ ...settings, apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    expect(await stripe.createCheckoutSession(request(), 'key-404')).toMatchObject({ outcome: 'unknown' });
    await expect(stripe.retrieveCheckoutSession('cs_1')).rejects.toThrow(/no checkout.session/);
  });

  it.each([
    [400, '{"error":"bad gateway key"}'],
    [404, '{"error":"not found"}'],
    [402, '{"error":{}}'],
  ])('treats a %i without Stripe’s error object as an unknown result: %s', async (status, body) => {
    server = createServer((_request, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const stripe = createStripe({ ...settings, apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    expect(await stripe.createCheckoutSession(request(), `key-${status}`)).toMatchObject({ outcome: 'unknown' });
  });
});
