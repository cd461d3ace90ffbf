import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '~/platform/dates';
import { NANO_PER_USD } from '~/platform/money';
import { reconcileRuns } from '~/workflows/burning/reconcile-runs.server';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { aWallet, hooksAt, serveGateway } from '~tests/factories/runs';
import { calling, flux, postTo, prompt } from './calling';

/** Lost answers, and the webhooks that repair them. */
const market = testMarket();
const calls = calling(market);
const { findGrant, post, reconcile, listRuns } = calls;

describe('lost answers', () => {
  it('from Replicate: the authorization stays, the reconciler finds the prediction by our webhook URL, and it is paid once', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.setWebhooks({ mode: 'drop' });
    market.replicate.control.addBehaviour({ kind: 'accept_then_reset', on: 'create', username: wallet.lot.username, times: 1 });
    expect((await post(wallet.key, flux, prompt)).status).toBe(502);
    expect(await listRuns(wallet)).toMatchObject([{ state: 'unknown', upstreamId: null }]);
    expect((await findGrant(wallet)).authorizedNano).toBe(3_000_000n);
    market.advance(3_000);
    await reconcile();
    expect(await listRuns(wallet)).toMatchObject([{ state: 'captured', capturedNano: 3_000_000n }]);
    market.replicate.control.setWebhooks({ mode: 'normal' });
    await expectInvariants(market);
  });

  it('from Replicate, without webhooks: the prediction is found by model, input and time', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const silent = await serveGateway(market, { hooks: false });
    market.replicate.control.addBehaviour({ kind: 'accept_then_reset', on: 'create', username: wallet.lot.username, times: 1 });
    expect((await postTo(silent, wallet.key, flux, { input: { num_outputs: 2, prompt: 'y' } })).status).toBe(502);
    market.advance(3_000);
    await reconcileRuns(market.system());
    expect(await listRuns(wallet)).toMatchObject([{ state: 'captured', capturedNano: 6_000_000n }]);
    await silent.close();
  });

  it('from Replicate, before anything ran: the authorization is voided one hour after the deadline, not before', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.addBehaviour({ kind: 'drop_before', on: 'create', username: wallet.lot.username, times: 1 });
    expect((await post(wallet.key, flux, prompt)).status).toBe(502);
    for (const hours of [0.8, 0.6]) {
      market.advance(hours * HOUR_MS);
      await reconcile();
      expect(await listRuns(wallet)).toMatchObject([{ state: 'unknown' }]);
    }
    market.advance(0.2 * HOUR_MS);
    await reconcile();
    expect(await listRuns(wallet)).toMatchObject([{ state: 'voided' }]);
    expect((await findGrant(wallet)).availableNano).toBe(10n * NANO_PER_USD);
  });

  it('to the client: the same body with the same key within 10 s gets the same run', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const body = { input: { prompt: randomUUID() } };
    const abort = new AbortController();
    const first = fetch(`${calls.gateway.url}${flux}`, {
      method: 'POST',
      signal: abort.signal,
      headers: { authorization: `Bearer ${wallet.key}`, 'content-type': 'application/json', prefer: 'wait' },
      body: JSON.stringify(body),
    }).catch(() => null);
    market.replicate.control.addBehaviour({ kind: 'succeed', on: 'create', username: wallet.lot.username, times: 5, delayMs: 3_000 });
    await new Promise((done) => setTimeout(done, 400));
    abort.abort();
    await first;
    await new Promise((done) => setTimeout(done, 900));
    const again = await post(wallet.key, flux, body);
    expect(again.status).toBe(201);
    expect(await listRuns(wallet)).toHaveLength(1);
    expect(market.replicate.control.predictions(wallet.lot.username)).toHaveLength(1);
    expect((await post(wallet.key, flux, body)).status).toBe(201);
    expect(await listRuns(wallet)).toHaveLength(2);
    market.replicate.control.clearBehaviours();
  });

  it('with an Idempotency-Key: always one run, refused for another body, and one run for two requests at once', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 4 }, () => post(wallet.key, flux, prompt, headers)));
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const again = await post(wallet.key, flux, prompt, headers);
    expect(again.status).toBe(201);
    expect(answers.filter(({ status }) => status === 201).every(({ body }) => body.id === again.body.id)).toBe(true);
    expect(await listRuns(wallet)).toHaveLength(1);
    expect((await post(wallet.key, flux, { input: { prompt: 'other' } }, headers)).status).toBe(422);
  });
});

describe('webhook URLs for Replicate', () => {
  it('need the right MAC, and their content is fetched from Replicate instead of trusted', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.setWebhooks({ mode: 'drop' });
    market.replicate.control.addBehaviour({ kind: 'hang', on: 'create', username: wallet.lot.username, times: 1 });
    const created = await post(wallet.key, flux, prompt);
    const [run] = await listRuns(wallet);
    const url = hooksAt(market, calls.gateway.origin).hookUrl(run?.id ?? '') ?? '';
    const tell = (to: string, body: unknown) =>
      fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect(
      (
        await tell(
          url.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')),
          { id: created.body.id },
        )
      ).status,
    ).toBe(404);
    expect((await tell(url, { ...created.body, status: 'succeeded', metrics: { image_output_count: 1_000 } })).status).toBe(200);
    expect(await listRuns(wallet)).toMatchObject([{ state: 'authorized' }]);
    market.replicate.control.setWebhooks({ mode: 'normal' });
  });
});
