import { describe, expect, it } from 'vitest';
import { startStripeSandbox } from '~sandbox/stripe';
import { stripeClient, freshSandbox, sandbox, secretKey, sessionParams, stripe } from './stripe-fixture';

freshSandbox();

describe('idempotency keys', () => {
  it('replay the first answer', async () => {
    const first = await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' });
    const again = await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' });
    expect(again.id).toBe(first.id);
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
  });

  it('refuse other parameters and other endpoints', async () => {
    await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' });
    const other = sessionParams({ client_reference_id: 'other' });
    await expect(stripe.checkout.sessions.create(other, { idempotencyKey: 'k1' })).rejects.toMatchObject({
      statusCode: 400,
      rawType: 'idempotency_error',
    });
    await expect(stripe.refunds.create({ charge: 'ch_1' }, { idempotencyKey: 'k1' })).rejects.toMatchObject({
      rawType: 'idempotency_error',
    });
  });

  it('refuse a second request while the first is in flight', async () => {
    sandbox.control.addFault({ kind: 'latency', ms: 150 });
    const [first, second] = await Promise.allSettled([
      stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' }),
      new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
        stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' }),
      ),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { statusCode: 409, code: 'idempotency_key_in_use' } });
  });

  it('forget a refusal of malformed parameters and keep a failure of the work itself', async () => {
    await expect(stripe.refunds.create({ amount: 5 }, { idempotencyKey: 'k1' })).rejects.toMatchObject({ statusCode: 400 });
    await expect(stripe.refunds.create({ charge: 'ch_none' }, { idempotencyKey: 'k1' })).rejects.toMatchObject({ statusCode: 404 });
    await expect(stripe.refunds.create({ charge: 'ch_other' }, { idempotencyKey: 'k1' })).rejects.toMatchObject({
      rawType: 'idempotency_error',
    });
  });

  it('expire after a day', async () => {
    const first = await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' });
    sandbox.control.advanceClock(25 * 3_600_000);
    expect((await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' })).id).not.toBe(first.id);
  });
});

describe('the API', () => {
  it('names an endpoint that it does not implement', async () => {
    await expect(stripe.customers.create({ name: 'x' })).rejects.toMatchObject({ statusCode: 501 });
    await expect(stripe.transfers.list()).rejects.toThrow('GET /v1/transfers');
    await expect(stripe.v2.core.accounts.list()).rejects.toMatchObject({ statusCode: 501 });
  });

  it('accepts its own key only, and never live keys', async () => {
    await expect(stripeClient(sandbox, 'sk_test_other').balance.retrieve()).rejects.toMatchObject({ statusCode: 401 });
    await expect(stripeClient(sandbox, 'sk_live_x').balance.retrieve()).rejects.toMatchObject({ statusCode: 401 });
    await expect(startStripeSandbox({ port: 0, secretKey: 'rk_live_x' })).rejects.toThrow('live keys');
    await expect(startStripeSandbox({ port: sandbox.port, secretKey })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('accepts any version and gives every request an id', async () => {
    const balance = await stripe.balance.retrieve({}, { apiVersion: '2020-08-27' });
    expect(balance.lastResponse.apiVersion).toBe('2020-08-27');
    expect(balance.lastResponse.requestId).toMatch(/^req_\w{14}$/);
  });

  it('pages through lists in both directions, also filtered by created', async () => {
    sandbox.control.setClock(new Date('2026-01-01T00:00:00Z'));
    const ids: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      ids.unshift((await stripe.checkout.sessions.create(sessionParams())).id);
      sandbox.control.advanceClock(60_000);
    }
    const first = await stripe.checkout.sessions.list({ limit: 3 });
    expect(first).toMatchObject({ has_more: true, url: '/v1/checkout/sessions' });
    expect(first.data.map((session) => session.id)).toEqual(ids.slice(0, 3));
    const second = await stripe.checkout.sessions.list({ limit: 3, starting_after: ids[2] ?? '' });
    expect(second.data.map((session) => session.id)).toEqual(ids.slice(3, 6));
    const back = await stripe.checkout.sessions.list({ limit: 2, ending_before: ids[3] ?? '' });
    expect(back.data.map((session) => session.id)).toEqual(ids.slice(1, 3));
    const all = await stripe.checkout.sessions.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all.map((session) => session.id)).toEqual(ids);
    const since = Date.parse('2026-01-01T00:02:30Z') / 1000;
    expect((await stripe.checkout.sessions.list({ created: { gt: since } })).data).toHaveLength(4);
    await expect(stripe.checkout.sessions.list({ limit: 101 })).rejects.toMatchObject({ param: 'limit' });
  });
});
