import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import express from 'express';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stripeEvents } from '~db/schema';
import { mountStripeWebhook } from '~/web/endpoints/stripe-webhook';
import type { Listing } from '~/modules/listings/index.server';
import { MINUTE_MS } from '~/platform/dates';
import { confirmPayment } from '~/workflows/paying/confirm-payment.server';
import { retryStripeWork } from '~/workflows/paying/reconcile-stripe.server';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aCheckout, aPaidCheckoutWithoutAnswer, checkoutRow, findPurchase, workOff } from '~tests/factories/transactions';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
let listing: Listing;
let admin: Person;
let server: Server;
let url: string;
let stripe: Stripe;

beforeAll(async () => {
  admin = await anAdmin(market);
  ({ listing } = await aListing(market, { admin, onSale: 2_000 }));
  const app = express();
  mountStripeWebhook(app, market.services);
  await new Promise<void>((listening) => {
    server = app.listen(0, '127.0.0.1', listening);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/stripe`;
  stripe = new Stripe(market.services.env.stripe.secretKey, {
    host: '127.0.0.1',
    port: market.stripe.port,
    protocol: 'http',
    telemetry: false,
  });
});
afterAll(() => new Promise((closed) => server.close(closed)));

/** The newest event of a type about an object, as Stripe would send it. */
async function eventAbout(type: string, objectId: string): Promise<Stripe.Event> {
  for await (const event of stripe.events.list({ type, limit: 100 })) {
    if ('id' in event.data.object && event.data.object.id === objectId) return event;
  }
  throw new Error(`Stripe has no ${type} about ${objectId}.`);
}

async function post(body: string, signature: string | null): Promise<number> {
  const headers = { 'content-type': 'application/json', ...(signature !== null && { 'stripe-signature': signature }) };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

function sign(payload: string, options: { secret?: string; timestamp?: number } = {}): Promise<string> {
  return stripe.webhooks.generateTestHeaderStringAsync({ payload, secret: market.services.env.stripe.webhookSecret, ...options });
}

async function send(event: Stripe.Event): Promise<number> {
  const body = JSON.stringify(event);
  return post(body, await sign(body));
}

async function paidCheckout() {
  const buyer = await aPerson(market);
  const checkout = await aCheckout(market, buyer, listing, 20);
  market.stripe.control.paySession(checkout.sessionId);
  return { ...checkout, buyer, event: await eventAbout('checkout.session.completed', checkout.sessionId) };
}

const findState = async (checkoutId: Parameters<typeof findPurchase>[1]) => (await findPurchase(market, checkoutId)).transaction.state;
const stored = (id: string) => market.system().db.select().from(stripeEvents).where(eq(stripeEvents.id, id));

describe('Stripe’s webhook endpoint', () => {
  it('stores a signed event with its job, and the job confirms the payment', async () => {
    const { checkoutId, event } = await paidCheckout();
    expect(await send(event)).toBe(200);
    expect(await findState(checkoutId)).toBe('awaiting_payment');
    await workOff(market);
    expect(await findState(checkoutId)).toBe('delivered');
    expect((await stored(event.id))[0]?.processedAt).not.toBeNull();
    await expectInvariants(market);
  });

  it('ignores a repeated event, before and after it was handled', async () => {
    const { checkoutId, event } = await paidCheckout();
    expect(await Promise.all([send(event), send(event), send(event)])).toEqual([200, 200, 200]);
    await workOff(market);
    expect(await send(event)).toBe(200);
    await workOff(market);
    expect(await stored(event.id)).toHaveLength(1);
    expect(await findState(checkoutId)).toBe('delivered');
    await expectInvariants(market);
  });

  it('works after the return page and together with it', async () => {
    const { checkoutId, event } = await paidCheckout();
    await confirmPayment(market.system(), checkoutId);
    expect(await send(event)).toBe(200);
    await workOff(market);
    const second = await paidCheckout();
    await send(second.event);
    await Promise.all([workOff(market), confirmPayment(market.system(), second.checkoutId)]);
    expect(await findState(second.checkoutId)).toBe('delivered');
    await expectInvariants(market);
  });

  it('refuses events that are forged, signed with another secret, unsigned, or changed after signing', async () => {
    const { checkoutId, event } = await paidCheckout();
    const body = JSON.stringify(event);
    expect(await post(body, null)).toBe(400);
    expect(await post(body, 't=1,v1=00')).toBe(400);
    expect(await post(body, await sign(body, { secret: 'whsec_of_somebody_else' }))).toBe(400);
    expect(await post(body.replace('complete', 'complete '), await sign(body))).toBe(400);
    expect(await post('', await sign(''))).toBe(400);
    await workOff(market);
    expect(await stored(event.id)).toEqual([]);
    expect(await findState(checkoutId)).toBe('awaiting_payment');
  });

  it('refuses an event signed more than five minutes ago', async () => {
    const { event } = await paidCheckout();
    const body = JSON.stringify(event);
    expect(await post(body, await sign(body, { timestamp: Math.floor(Date.now() / 1000) - 301 }))).toBe(400);
    expect(await stored(event.id)).toEqual([]);
  });

  it('refuses a body over 256 kB, and stores an event of another kind without acting on it', async () => {
    const large = JSON.stringify({ padding: 'x'.repeat(257 * 1024) });
    expect(await post(large, await sign(large))).toBe(413);
    const { event } = await paidCheckout();
    const other = JSON.stringify({
      ...event,
      id: 'evt_other',
      type: 'customer.created',
      data: { object: { id: 'cus_1', object: 'customer' } },
    });
    await market.system().db.execute(`delete from graphile_worker._private_jobs`);
    expect(await post(other, await sign(other))).toBe(200);
    expect((await stored('evt_other'))[0]?.processedAt).not.toBeNull();
    expect(await market.system().db.execute(`select id from graphile_worker._private_jobs`)).toHaveLength(0);
  });

  it('finds the checkout even if the answer with the session’s id was lost', async () => {
    const { checkoutId, sessionId } = await aPaidCheckoutWithoutAnswer(market, await aPerson(market), listing, 20);
    await send(await eventAbout('checkout.session.completed', sessionId));
    await workOff(market);
    expect(await findState(checkoutId)).toBe('delivered');
    await expectInvariants(market);
  });

  it('ends the checkout when the page expired at Stripe', async () => {
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 20);
    market.stripe.control.expireSession(sessionId);
    await send(await eventAbout('checkout.session.expired', sessionId));
    await workOff(market);
    expect((await checkoutRow(market, checkoutId)).state).toBe('expired');
    await expectInvariants(market);
  });

  it('needs a sweep to handle an event whose job died', async () => {
    const { checkoutId, event } = await paidCheckout();
    await send(event);
    await market.system().db.execute(`delete from graphile_worker._private_jobs`);
    market.advance(2 * MINUTE_MS);
    await retryStripeWork(market.system());
    expect(await findState(checkoutId)).toBe('delivered');
    await expectInvariants(market);
  });
});
