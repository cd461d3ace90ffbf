import { describe, expect, it } from 'vitest';
import { freshSandbox, sandbox, sessionParams, stripe } from './stripe-fixture';

freshSandbox();

describe('the control API', () => {
  const control = async (method: string, path: string, body?: object, headers = {}) => {
    const response = await fetch(`${sandbox.url}/_sandbox${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('works over HTTP', async () => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    expect((await control('GET', '/health')).body).toMatchObject({ status: 'ok' });
    expect((await control('POST', `/sessions/${session.id}/pay`, { card: '4000000000000002' })).body).toMatchObject({
      outcome: 'declined',
    });
    expect((await control('POST', `/sessions/${session.id}/pay`)).body).toMatchObject({ outcome: 'paid' });
    expect((await control('POST', `/sessions/${session.id}/expire`)).status).toBe(409);
    const intent = sandbox.control.sessions().find(({ id }) => id === session.id)?.paymentIntentId;
    expect((await control('POST', `/payment_intents/${intent}/refund`, { amountCents: 100 })).body).toMatchObject({
      refund: { amount: 100, metadata: {} },
    });
    expect((await control('POST', '/payment_intents/pi_none/refund')).status).toBe(404);
    expect((await control('POST', '/settlement', { currency: 'jpy', rate: 1.5 })).body).toEqual({ currency: 'jpy' });
    expect((await control('POST', '/settlement', { currency: 'jpy' })).status).toBe(400);
    expect((await control('POST', '/sessions/cs_test_none/pay')).status).toBe(404);
    expect((await control('POST', '/clock', { now: '2026-03-01T00:00:00Z' })).body['now']).toMatch(/^2026-03-01/);
    expect((await control('POST', '/clock', { now: 'soon' })).status).toBe(400);
    expect((await control('POST', '/faults', { kind: 'latency', ms: 5 })).body).toMatchObject({ kind: 'latency', path: '/v1' });
    expect((await control('POST', '/faults', { kind: 'flood' })).status).toBe(400);
    expect((await control('DELETE', '/faults')).body).toEqual({ faults: [] });
    expect((await control('GET', '/state')).body).toMatchObject({
      checkoutSessions: { complete: 1 },
      charges: { failed: 1, succeeded: 1 },
    });
    expect((await control('POST', '/nothing')).status).toBe(404);
  });

  it('refuses requests from scripts in web pages', async () => {
    expect((await control('POST', '/clock', { advanceMs: 1 }, { origin: 'https://elsewhere.test' })).status).toBe(403);
  });
});
