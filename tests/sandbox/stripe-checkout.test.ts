import { describe, expect, it } from 'vitest';
import { freshSandbox, goodCard, post, sandbox, sessionParams, stripe } from './stripe-fixture';

freshSandbox();

describe('checkout sessions', () => {
  it('take a payment on the page and return to the shop', async () => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 9_000, payment_intent: null });

    const response = await post(session.url, goodCard);

    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`https://shop.test/paid?session=${session.id}`);
    const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge.balance_transaction'] });
    expect(paid).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      payment_intent: {
        status: 'succeeded',
        amount_received: 9_000,
        metadata: { checkoutId: 'c1' },
        transfer_group: 'c1',
        latest_charge: {
          paid: true,
          transfer_group: 'c1',
          balance_transaction: { amount: 9_000, fee: 291, net: 8_709, status: 'pending' },
        },
      },
    });
  });

  it('charge once when Pay is pressed twenty times at once', async () => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(session.url, goodCard)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([303]));
    expect((await stripe.charges.list({ limit: 100 })).data).toHaveLength(1);
  });

  it.each([
    ['4000000000000002', 'Your card was declined.', 'generic_decline'],
    ['4000000000009995', 'Your card has insufficient funds.', 'insufficient_funds'],
  ])('stay open when the card %s is declined', async (number, sentence, declineCode) => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    const response = await post(session.url, { ...goodCard, number });
    expect(response.status).toBe(402);
    expect(await response.text()).toContain(sentence);
    const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge'] });
    expect(after).toMatchObject({
      status: 'open',
      payment_intent: {
        status: 'requires_payment_method',
        last_payment_error: { decline_code: declineCode },
        latest_charge: { status: 'failed' },
      },
    });
    expect((await post(session.url, goodCard)).status).toBe(303);
    expect((await stripe.balanceTransactions.list()).data).toHaveLength(1);
  });

  it.each(['4000002500003155', '4000002760003184'])('ask the holder of %s to confirm', async (number) => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    const first = await post(session.url, { ...goodCard, number });
    const challenge = `${sandbox.url}${first.headers.get('location')}`;
    expect(challenge).toBe(`${session.url}/challenge`);
    expect(await (await fetch(challenge)).text()).toContain('ending in');
    const failed = await post(challenge, { answer: 'fail' });
    expect(failed.status).toBe(402);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
    await post(session.url, { ...goodCard, number });
    expect((await post(challenge, { answer: 'complete' })).headers.get('location')).toContain('https://shop.test/paid');
    expect((await stripe.charges.list()).data).toHaveLength(1);
  });

  it('keep the customer’s input except the CVC, and show the error beside its field', async () => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    const response = await post(session.url, { number: '4242 4242 4242 4241', expiry: '13/20', cvc: '98765' });
    const page = await response.text();
    expect(response.status).toBe(422);
    expect(page).toContain('value="4242 4242 4242 4241"');
    expect(page).toContain('value="13/20"');
    expect(page).not.toContain('98765');
    for (const name of ['number', 'expiry', 'cvc']) expect(page).toContain(`id="${name}-error"`);
  });

  it('escape texts of the shop and the customer', async () => {
    const items = [{ quantity: 1, price_data: { currency: 'usd', unit_amount: 900, product_data: { name: '<script>alert(1)</script>' } } }];
    const session = await stripe.checkout.sessions.create(sessionParams({ line_items: items }));
    const page = await (await post(session.url, { number: '"><img src=x>', expiry: '', cvc: '' })).text();
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<img');
  });

  it('expire by the clock, and then cannot be paid', async () => {
    const expiresAt = Math.floor(Date.now() / 1000) + 40 * 60;
    const session = await stripe.checkout.sessions.create(sessionParams({ expires_at: expiresAt }));
    sandbox.control.advanceClock(41 * 60_000);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'expired', url: null });
    expect((await post(session.url, goodCard)).status).toBe(410);
    expect(await (await fetch(session.url ?? '')).text()).toContain('https://shop.test/back');
    const events = await stripe.events.list({ type: 'checkout.session.expired' });
    expect(events.data).toHaveLength(1);
  });

  it('expire on request, once, and never after payment', async () => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    expect((await stripe.checkout.sessions.expire(session.id)).status).toBe('expired');
    await expect(stripe.checkout.sessions.expire(session.id)).rejects.toMatchObject({ statusCode: 400 });
    const paid = await stripe.checkout.sessions.create(sessionParams());
    sandbox.control.paySession(paid.id);
    await expect(stripe.checkout.sessions.expire(paid.id)).rejects.toThrow('complete');
  });

  it.each<[string, unknown, string]>([
    ['payment_method_types', ['card'], 'payment_method_types'],
    ['mode', 'subscription', 'mode'],
    ['success_url', 'shop.test/paid', 'success_url'],
    ['expires_at', 1_000, 'expires_at'],
    ['line_items', [], 'line_items'],
    [
      'line_items',
      [{ quantity: 0, price_data: { currency: 'usd', unit_amount: 900, product_data: { name: 'x' } } }],
      'line_items[0][quantity]',
    ],
    [
      'line_items',
      [{ quantity: 1, price_data: { currency: 'usd', unit_amount: '9.5', product_data: { name: 'x' } } }],
      'line_items[0][price_data][unit_amount]',
    ],
    [
      'line_items',
      [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 900, product_data: { name: 'x' } } }],
      'line_items[0][price_data][currency]',
    ],
    ['line_items', [{ quantity: 1, price_data: { currency: 'usd', unit_amount: 49, product_data: { name: 'x' } } }], 'line_items'],
    ['payment_intent_data', { colour: 'red' }, 'payment_intent_data[colour]'],
  ])('refuse a bad %s', async (name, value, param) => {
    const params = { ...sessionParams(), [name]: value };
    await expect(stripe.checkout.sessions.create(params)).rejects.toMatchObject({
      statusCode: 400,
      rawType: 'invalid_request_error',
      param,
    });
  });
});

describe('refunds', () => {
  it('return a part, then the rest, then nothing more', async () => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    sandbox.control.paySession(session.id);
    const paid = await stripe.checkout.sessions.retrieve(session.id);
    const intent = paid.payment_intent as string;
    expect(await stripe.refunds.create({ payment_intent: intent, amount: 1_000 })).toMatchObject({ amount: 1_000, status: 'succeeded' });
    await expect(stripe.refunds.create({ payment_intent: intent, amount: 8_001 })).rejects.toMatchObject({ param: 'amount' });
    expect(await stripe.refunds.create({ payment_intent: intent })).toMatchObject({ amount: 8_000 });
    await expect(stripe.refunds.create({ payment_intent: intent })).rejects.toMatchObject({ code: 'charge_already_refunded' });
    const balance = await stripe.balance.retrieve();
    expect((balance.available[0]?.amount ?? 0) + (balance.pending[0]?.amount ?? 0)).toBe(-291);
    const refund = (await stripe.refunds.list({ payment_intent: intent })).data[0];
    expect((await stripe.balanceTransactions.list({ source: refund?.id ?? '' })).data[0]).toMatchObject({ amount: -8_000, type: 'refund' });
  });
});
