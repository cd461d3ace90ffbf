import { describe, expect, it } from 'vitest';
import { freshSandbox, sandbox, sessionParams, stripe } from './stripe-fixture';

freshSandbox();

describe('faults', () => {
  const create = (idempotencyKey: string) => stripe.checkout.sessions.create(sessionParams(), { idempotencyKey });

  it('drop the connection after the work: a retry with the same key finds it done', async () => {
    sandbox.control.addFault({ kind: 'drop_after', path: '/v1/checkout/sessions', times: 2 });
    await expect(create('k1')).rejects.toMatchObject({ type: 'StripeConnectionError' });
    const [done] = (await stripe.checkout.sessions.list()).data;
    expect((await create('k1')).id).toBe(done?.id);
    expect((await stripe.checkout.sessions.list()).data).toHaveLength(1);
  });

  it('drop the connection before the work: nothing was done', async () => {
    sandbox.control.addFault({ kind: 'drop_before', times: 2 });
    await expect(create('k1')).rejects.toMatchObject({ type: 'StripeConnectionError' });
    expect((await stripe.checkout.sessions.list()).data).toHaveLength(0);
  });

  it('store a 500 under its idempotency key', async () => {
    sandbox.control.addFault({ kind: '500', method: 'POST' });
    await expect(create('k1')).rejects.toMatchObject({ statusCode: 500 });
    await expect(create('k1')).rejects.toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } });
    expect((await create('k2')).status).toBe('open');
  });

  it('answer 429, answer 502 as HTML, and time out, without doing the work', async () => {
    sandbox.control.addFault({ kind: '429' });
    await expect(create('k1')).rejects.toMatchObject({ type: 'StripeRateLimitError', code: 'rate_limit' });
    sandbox.control.addFault({ kind: '502' });
    await expect(create('k1')).rejects.toMatchObject({ statusCode: undefined });
    sandbox.control.addFault({ kind: 'timeout' });
    await expect(stripe.balance.retrieve({}, { timeout: 50 })).rejects.toThrow('timeout');
    expect((await create('k1')).status).toBe('open');
    expect((await stripe.checkout.sessions.list()).data).toHaveLength(1);
  });

  it('end an outage after its time', async () => {
    sandbox.control.addFault({ kind: 'outage', ms: 900 });
    await expect(stripe.balance.retrieve()).rejects.toMatchObject({ type: 'StripeConnectionError' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await stripe.balance.retrieve()).object).toBe('balance');
  });
});
