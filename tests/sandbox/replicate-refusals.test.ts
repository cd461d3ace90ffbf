import { describe, expect, it } from 'vitest';
import { Throttle } from '~sandbox/replicate/api/throttle';
import type { AccountRecord } from '~sandbox/replicate/world/records';
import { aBench, clientFor, readCredit, FLUX, post, SDXL, until } from './replicate-harness';

const ordinary: AccountRecord = {
  username: 'acme',
  name: 'acme',
  type: 'user',
  creditNano: 0n,
  tokens: [],
  webhookSecret: 'whsec_',
  createsPerMinute: 600,
};
const flux = { version: FLUX, input: { prompt: 'a harbour' } };

async function readAnswer(response: Response): Promise<{ status: number; body: Record<string, unknown> }> {
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('tokens', () => {
  it('look like Replicate’s and belong to one account', async () => {
    const { sandbox, token } = await aBench();
    expect(token).toMatch(/^r8_[A-Za-z0-9]{37}$/);
    expect(await clientFor(sandbox, token).accounts.current()).toMatchObject({ type: 'user', username: 'acme', name: 'acme' });
  });

  it('are refused with 401 if missing, unknown or revoked, while another token of the account still works', async () => {
    const bench = await aBench();
    const { token: second } = bench.sandbox.control.issueToken('acme');
    bench.sandbox.control.revokeToken('acme', { token: bench.token });

    const revoked = await readAnswer(await post(bench, flux));
    const missing = await readAnswer(await fetch(`${bench.sandbox.url}/v1/account`));

    expect(revoked).toEqual({
      status: 401,
      body: { title: 'Unauthenticated', detail: 'You did not pass a valid authentication token', status: 401 },
    });
    expect(missing).toEqual({
      status: 401,
      body: { title: 'Unauthenticated', detail: 'You did not pass an authentication token', status: 401 },
    });
    expect((await clientFor(bench.sandbox, second).accounts.current()).username).toBe('acme');
  });
});

describe('an account’s credit', () => {
  it('refuses with 402 when used up, until more is bought', async () => {
    const bench = await aBench('0.003');
    await bench.client.run(FLUX, { input: { prompt: 'the last one' } });
    expect(readCredit(bench)).toBe('0.000000000');

    const refused = await readAnswer(await post(bench, flux));
    bench.sandbox.control.addCredit('acme', { usd: '20' });

    expect(refused.status).toBe(402);
    expect(refused.body).toMatchObject({ title: 'Insufficient credit', status: 402 });
    expect(refused.body['detail']).toMatch(/^You have insufficient credit to run this model/);
    expect((await post(bench, flux)).status).toBe(201);
  });

  it('under $5 limits creates to 6 a minute, one at a time, and says so', async () => {
    const bench = await aBench('4.99');
    expect((await post(bench, flux)).status).toBe(201);

    const refused = await readAnswer(await post(bench, flux));
    bench.sandbox.control.moveClock({ advanceMs: 10_000 });

    expect(refused.status).toBe(429);
    expect(refused.body['detail']).toContain(
      'reduced to 6 requests per minute with a burst of 1 requests while you have less than $5.0 in credit',
    );
    expect(refused.body['retry_after']).toBe(10);
    expect((await post(bench, flux)).status).toBe(201);
  });

  it('spent by its owner directly leaves a foreign prediction in the list', async () => {
    const bench = await aBench('100');

    bench.sandbox.control.spend('acme', { usd: '12.345678901' });

    expect(readCredit(bench)).toBe('87.654321099');
    const { results } = await bench.client.predictions.list();
    expect(results).toMatchObject([{ model: SDXL, status: 'succeeded', source: 'api' }]);
  });
});

describe('rate limits', () => {
  it('throttle creates above the limit of a minute', async () => {
    const bench = await aBench();
    const { token } = bench.sandbox.control.createAccount({ username: 'slow', creditUsd: '100', createsPerMinute: 6 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => post({ ...bench, token }, flux).then(readAnswer)));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(6);
    expect(answers.find(({ status }) => status === 429)?.body).toEqual({
      detail: 'Request was throttled. Your rate limit resets in ~10s.',
    });
  });

  it('are 600 creates a minute for an ordinary account, refilled over time', () => {
    const throttle = new Throttle();
    const account = { ...ordinary, creditNano: 100_000_000_000n };
    const verdicts = Array.from({ length: 601 }, () => throttle.create(account, 0).allowed);

    expect(verdicts.lastIndexOf(true)).toBe(599);
    expect(throttle.create(account, 50)).toEqual({ allowed: false, seconds: 1, lowCredit: false });
    expect(throttle.create(account, 100)).toEqual({ allowed: true });
  });
});

describe('creates', () => {
  it.each([
    ['an unknown version', { version: 'f'.repeat(64), input: {} }, 'Invalid version or not permitted'],
    ['a name and a version that disagree', { version: `${SDXL}:${'f'.repeat(64)}`, input: {} }, 'Invalid version or not permitted'],
    ['a missing input', { version: FLUX }, 'Input validation failed'],
    ['a required property left out', { version: FLUX, input: {} }, 'Input validation failed'],
    ['a number out of range', { version: FLUX, input: { prompt: 'x', num_outputs: 5 } }, 'Input validation failed'],
    ['a number in words', { version: FLUX, input: { prompt: 'x', num_outputs: '4' } }, 'Input validation failed'],
    ['a webhook without https', { ...flux, webhook: 'http://example.com/hook' }, 'Unprocessable Entity'],
  ])('with %s are refused with 422', async (_what, order, title) => {
    const bench = await aBench();
    const { status, body } = await readAnswer(await post(bench, order));
    expect([status, body['title'], body['status']]).toEqual([422, title, 422]);
    expect(bench.sandbox.control.predictions()).toEqual([]);
  });

  it('for an unknown model or prediction are refused with 404', async () => {
    const bench = await aBench();
    const stranger = bench.sandbox.control.createAccount({ username: 'stranger', creditUsd: '10' });
    const { id } = await clientFor(bench.sandbox, stranger.token).predictions.create({ model: FLUX, input: { prompt: 'theirs' } });

    const unknown = await readAnswer(await post(bench, { input: {} }, {}, '/models/nobody/nothing/predictions'));
    const foreign = await fetch(`${bench.sandbox.url}/v1/predictions/${id}`, { headers: { authorization: `Bearer ${bench.token}` } });

    expect(unknown).toEqual({ status: 404, body: { detail: 'The requested resource could not be found.', status: 404 } });
    expect(foreign.status).toBe(404);
  });

  it('by name alone run only official models when versions are strict', async () => {
    const bench = await aBench();
    bench.sandbox.control.tune({ strictVersions: true });

    expect((await post(bench, { input: {} }, {}, `/models/${SDXL}/predictions`)).status).toBe(404);
    expect((await readAnswer(await post(bench, flux))).body['version']).toBe('hidden');
  });
});

describe('faults on demand', () => {
  it.each([
    ['http_500', 500],
    ['http_402', 402],
    ['http_401', 401],
    ['http_429', 429],
    ['http_429_low_credit', 429],
  ] as const)('%s answers once, for the model and account it names', async (kind, status) => {
    const bench = await aBench();
    bench.sandbox.control.addBehaviour({ kind, token: bench.token, model: FLUX });

    expect((await post(bench, { version: SDXL, input: {} })).status).toBe(201);
    expect((await post(bench, flux)).status).toBe(status);
    expect((await post(bench, flux)).status).toBe(201);
  });

  it('drop_before cuts the connection and creates nothing', async () => {
    const bench = await aBench();
    bench.sandbox.control.addBehaviour({ kind: 'drop_before' });
    await expect(post(bench, flux)).rejects.toThrow();
    expect(bench.sandbox.control.predictions()).toEqual([]);
  });

  it('accept_then_reset cuts the connection after creating the prediction, which is then found in the list by its webhook URL', async () => {
    const bench = await aBench();
    bench.sandbox.control.addBehaviour({ kind: 'accept_then_reset' });
    const webhook = 'https://market.example/gateway/hooks/run_1/abc';
    await expect(post(bench, { ...flux, webhook, webhook_events_filter: ['completed'] })).rejects.toThrow();

    const found = await until(async () => {
      const { results } = await bench.client.predictions.list();
      return results.find((prediction) => prediction.webhook === webhook && prediction.status === 'succeeded');
    });

    expect(found).toMatchObject({ webhook_events_filter: ['completed'], metrics: { image_output_count: 1 } });
  });

  it('an outage fails every call for its duration', async () => {
    const bench = await aBench();
    bench.sandbox.control.startOutage({ ms: 200 });
    expect((await post(bench, flux)).status).toBe(503);
    await until(async () => (await post(bench, flux)).status === 201);
  });
});
