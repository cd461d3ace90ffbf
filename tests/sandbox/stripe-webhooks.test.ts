import { describe, expect, it } from 'vitest';
import { stripeClient, freshSandbox, receiver, sandbox, sessionParams, start, stripe, whsec } from './stripe-fixture';

freshSandbox();

describe('webhooks', () => {
  it('arrive with a signature that the SDK accepts; wrong signatures are refused', async () => {
    const hook = await receiver();
    const shop = await start({ webhooks: [{ url: hook.url, secret: whsec }] });
    const session = await stripeClient(shop).checkout.sessions.create(sessionParams());
    shop.control.paySession(session.id);
    await shop.control.deliveriesSettled();
    const events = hook.received.map(({ body, signature }) => stripe.webhooks.constructEvent(body, signature, whsec));
    expect(events.map((event) => event.type).sort()).toEqual([
      'charge.succeeded', 'checkout.session.completed', 'payment_intent.created', 'payment_intent.succeeded',
    ]); // prettier-ignore
    const completed = events.find((event) => event.type === 'checkout.session.completed');
    expect(completed?.data.object).toMatchObject({ id: session.id, payment_status: 'paid', metadata: { checkoutId: 'c1' } });
    const { body = '', signature = '' } = hook.received[0] ?? {};
    expect(() => stripe.webhooks.constructEvent(body, signature, 'whsec_other')).toThrow();
    expect(() => stripe.webhooks.constructEvent(`${body} `, signature, whsec)).toThrow();
  });

  it('send an endpoint configured at start only the event types it asks for', async () => {
    const hook = await receiver();
    const shop = await start({ webhooks: [{ url: hook.url, secret: whsec, events: ['checkout.session.completed'] }] });
    shop.control.paySession((await stripeClient(shop).checkout.sessions.create(sessionParams())).id);
    await shop.control.deliveriesSettled();
    expect(hook.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(['checkout.session.completed']);
  });

  it('are retried until answered, up to a limit', async () => {
    const hook = await receiver();
    hook.answers.push(500, 302);
    const { secret = '' } = await stripe.webhookEndpoints.create({ url: hook.url, enabled_events: ['checkout.session.expired'] });
    await stripe.checkout.sessions.expire((await stripe.checkout.sessions.create(sessionParams())).id);
    await sandbox.control.deliveriesSettled();
    expect(hook.received).toHaveLength(3);
    expect(sandbox.control.deliveries()[0]).toMatchObject({
      status: 'delivered',
      attempts: [{ status: 500 }, { status: 302 }, { status: 200 }],
    });
    expect(stripe.webhooks.constructEvent(hook.received[2]?.body ?? '', hook.received[2]?.signature ?? '', secret).type).toBe(
      'checkout.session.expired',
    );

    hook.answers.push(500, 500, 500, 500);
    await stripe.checkout.sessions.expire((await stripe.checkout.sessions.create(sessionParams())).id);
    await sandbox.control.deliveriesSettled();
    expect(sandbox.control.deliveries()[1]).toMatchObject({ status: 'failed' });
    expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(1);
  });

  it('can be held, sent twice, reordered or dropped', async () => {
    const hook = await receiver();
    const shop = await start({ webhooks: [{ url: hook.url, secret: whsec }] });
    shop.control.pauseDeliveries();
    const session = await stripeClient(shop).checkout.sessions.create(sessionParams());
    shop.control.paySession(session.id);
    await shop.control.deliveriesSettled();
    expect(hook.received).toHaveLength(0);
    const completed = shop.control.deliveries().find((delivery) => delivery.eventType === 'checkout.session.completed');
    await shop.control.redeliver(completed?.eventId ?? '');
    await shop.control.redeliver(completed?.eventId ?? '');
    expect(hook.received).toHaveLength(2);
    expect(shop.control.discardDeliveries()).toBe(3);
    shop.control.resumeDeliveries();
    await shop.control.deliveriesSettled();
    expect(hook.received).toHaveLength(2);
  });
});
