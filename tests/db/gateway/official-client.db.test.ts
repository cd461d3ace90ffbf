import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { runs } from '~db/schema';
import type { Run } from '~/modules/metering/index.server';
import { formatNanoExact, NANO_PER_USD } from '~/platform/money';
import { reconcileRuns } from '~/workflows/burning/reconcile-runs.server';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { aWallet, officialClient, serveGateway, getUserId, type Wallet } from '~tests/factories/runs';
import { calling } from './calling';

const market = testMarket();
const calls = calling(market);
const { findGrant } = calls;

async function lastRun(wallet: Wallet): Promise<Run> {
  const [row] = await calls.listRuns(wallet);
  if (!row) throw new Error('no run');
  return row;
}

/** Waits for our webhook, which settles the run. */
async function eventually<T>(look: () => Promise<T | null>): Promise<T> {
  for (let i = 0; i < 60; i += 1) {
    const seen = await look();
    if (seen !== null) return seen;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('It did not happen within three seconds.');
}

async function settledRun(wallet: Wallet): Promise<Run> {
  return eventually(async () => {
    const run = await lastRun(wallet);
    return run.settledAt ? run : null;
  });
}

function chargedBySandbox(wallet: Wallet): string[] {
  return market.replicate.control.predictions(wallet.lot.username).map((prediction) => prediction.chargedUsd);
}

const llama = 'meta/meta-llama-3.1-405b-instruct';

describe('the official client', () => {
  it('runs an official model by name, and the buyer pays exactly what Replicate charges the lot', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const output = await officialClient(calls.gateway, wallet.key).run('black-forest-labs/flux-schnell', {
      input: { prompt: 'a market', num_outputs: 4 },
    });
    expect(output).toHaveLength(4);
    const run = await settledRun(wallet);
    expect(run).toMatchObject({ state: 'captured', capturedNano: 12_000_000n, model: 'black-forest-labs/flux-schnell' });
    expect(await findGrant(wallet)).toMatchObject({
      availableNano: 10n * NANO_PER_USD - 12_000_000n,
      authorizedNano: 0n,
      capturedNano: 12_000_000n,
    });
    expect(chargedBySandbox(wallet)).toEqual(['0.012000000']);
    await expectInvariants(market);
  });

  it('pays $0.0000760 + $0.0004085 for 8 tokens in and 43 out, as in Replicate’s documentation', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    await officialClient(calls.gateway, wallet.key).run(llama, { input: { prompt: '12345678'.repeat(4) } });
    const run = await settledRun(wallet);
    expect(run.metrics).toMatchObject({ input_token_count: 8, output_token_count: 43 });
    expect(formatNanoExact(run.capturedNano)).toBe('$0.0004845');
  });

  it('runs a community model by version, limited by Cancel-After and paid by the second', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const client = officialClient(calls.gateway, wallet.key);
    const version = await sdxlVersion(wallet);
    await client.run(`stability-ai/sdxl:${version}`, { input: { prompt: 'a market' } });
    const run = await settledRun(wallet);
    expect(run).toMatchObject({ version, capturedNano: 3_120_000n });
    // Thirty minutes, Replicate's own limit, and the grace period.
    expect(run.authorizedNano).toBe(975_000n * 1_810n);
    const bare = await client.predictions.create({ version, input: { prompt: 'again' } });
    expect(bare.model).toBe('stability-ai/sdxl');
  });

  it('polls, and sees only our URLs and nothing about the lot', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const client = officialClient(calls.gateway, wallet.key);
    const created = await client.predictions.create({ model: 'black-forest-labs/flux-schnell', input: { prompt: 'x' } });
    expect(created.status).toBe('starting');
    const text = JSON.stringify(created);
    expect(text).not.toContain('/gateway/hooks/');
    expect(text).not.toContain(market.replicate.url);
    expect(created.urls.get).toBe(`${calls.gateway.url}/predictions/${created.id}`);
    expect(created.urls).not.toHaveProperty('stream');
    const ended = await client.wait(created, { interval: 50 });
    expect(ended.status).toBe('succeeded');
    expect((await settledRun(wallet)).capturedNano).toBe(3_000_000n);
  });

  it('shows the wallet as an account with a pseudonym', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const account = await officialClient(calls.gateway, wallet.key).accounts.current();
    expect(account.username).toBe(`wallet-${getUserId(wallet.buyer).slice(-8)}`);
  });

  it('cancels: a timed model costs the time used, an official one nothing, with an exposure of the lot', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const client = officialClient(calls.gateway, wallet.key);
    market.replicate.control.addBehaviour({
      kind: 'succeed',
      on: 'create',
      username: wallet.lot.username,
      times: 2,
      delayMs: 20_000,
      predictSeconds: 2,
    });
    const timed = await client.predictions.create({ version: await sdxlVersion(wallet), input: { prompt: 'x' } });
    await eventually(async () => ((await client.predictions.get(timed.id)).status === 'processing' ? true : null)).catch(() => null);
    expect((await client.predictions.cancel(timed.id)).status).toBe('canceled');
    const paid = await settledRun(wallet);
    expect(['captured', 'voided']).toContain(paid.state);
    expect(formatNanoExact(paid.capturedNano)).toBe(`$${(chargedBySandbox(wallet).at(-1) ?? '').replace(/0{1,7}$/, '')}`);
    const official = await client.predictions.create({ model: 'black-forest-labs/flux-schnell', input: { prompt: 'x' } });
    await client.predictions.cancel(official.id);
    expect(await settledRun(wallet)).toMatchObject({ state: 'voided', capturedNano: 0n });
    await expectInvariants(market);
  });
});

async function sdxlVersion(wallet: Wallet): Promise<string> {
  const answer = await fetch(`${market.replicate.url}/v1/models/stability-ai/sdxl`, {
    headers: { authorization: `Bearer ${wallet.lot.token}` },
  });
  const body = (await answer.json()) as { latest_version: { id: string } };
  return body.latest_version.id;
}

describe('behaviours of Replicate', () => {
  const flux = 'black-forest-labs/flux-schnell';

  it.each(['fail', 'fail_with_predict_time', 'abort'] as const)('%s costs nothing', async (kind) => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.addBehaviour({ kind, on: 'create', username: wallet.lot.username, times: 1, delayMs: 100 });
    if (kind === 'abort') {
      const created = await officialClient(calls.gateway, wallet.key).predictions.create({ model: flux, input: { prompt: 'x' } });
      const ended = await officialClient(calls.gateway, wallet.key).wait(created, { interval: 50 });
      expect(ended.status).toBe('canceled');
    } else {
      await expect(officialClient(calls.gateway, wallet.key).run(flux, { input: { prompt: 'x' } })).rejects.toThrow(/CUDA/);
    }
    expect(await settledRun(wallet)).toMatchObject({ state: 'voided', capturedNano: 0n });
    expect(await findGrant(wallet)).toMatchObject({ availableNano: 10n * NANO_PER_USD });
  });

  it('output before the metrics: nothing is settled until they come', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.addBehaviour({
      kind: 'late_metrics',
      on: 'create',
      username: wallet.lot.username,
      times: 1,
      delayMs: 100,
      metricsDelayMs: 700,
    });
    await officialClient(calls.gateway, wallet.key).run(flux, { input: { prompt: 'x' } });
    expect(await lastRun(wallet)).toMatchObject({ state: 'authorized' });
    await new Promise((done) => setTimeout(done, 2_700));
    await reconcileRuns(market.system());
    expect(await lastRun(wallet)).toMatchObject({ state: 'captured', capturedNano: 3_000_000n, estimated: false });
  });

  it('no metrics at all: the run is captured as a marked estimate after 45 minutes, never silently voided', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.addBehaviour({ kind: 'no_metrics', on: 'create', username: wallet.lot.username, times: 1, delayMs: 100 });
    await officialClient(calls.gateway, wallet.key).run(flux, { input: { prompt: 'x', num_outputs: 2 } });
    expect(await lastRun(wallet)).toMatchObject({ state: 'authorized' });
    market.advance(46 * 60_000);
    await reconcileRuns(market.system());
    expect(await lastRun(wallet)).toMatchObject({ state: 'captured', capturedNano: 6_000_000n, estimated: true });
    await expectInvariants(market);
  });

  it('lost webhooks: the reconciler settles the run', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.setWebhooks({ mode: 'drop' });
    await officialClient(calls.gateway, wallet.key).predictions.create({ model: flux, input: { prompt: 'x' } });
    await new Promise((done) => setTimeout(done, 2_300));
    expect((await lastRun(wallet)).state).toBe('authorized');
    await reconcileRuns(market.system());
    expect(await lastRun(wallet)).toMatchObject({ state: 'captured', capturedNano: 3_000_000n });
    market.replicate.control.setWebhooks({ mode: 'normal' });
  });
});

describe('polls', () => {
  it('are served from our row once settled, and only for the buyer’s own runs', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const stranger = await aWallet(market, { usd: 10 });
    const created = await officialClient(calls.gateway, wallet.key).predictions.create({
      model: 'black-forest-labs/flux-schnell',
      input: { prompt: 'x' },
    });
    await settledRun(wallet);
    const control = market.replicate.control;
    control.addBehaviour({ kind: 'http_500', on: 'get', username: wallet.lot.username, times: 50 });
    const shown = await officialClient(calls.gateway, wallet.key).predictions.get(created.id);
    expect(shown).toMatchObject({ id: created.id, status: 'succeeded', metrics: { image_output_count: 1 } });
    control.clearBehaviours();
    await expect(officialClient(calls.gateway, stranger.key).predictions.get(created.id)).rejects.toMatchObject({
      response: { status: 404 },
    });

    market.advance(61 * 60_000);
    await reconcileRuns(market.system());
    expect(await officialClient(calls.gateway, wallet.key).predictions.get(created.id)).toMatchObject({
      status: 'succeeded',
      output: null,
      data_removed: true,
    });
  });

  it('ask Replicate at most once in 500 ms', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const client = officialClient(calls.gateway, wallet.key);
    market.replicate.control.addBehaviour({ kind: 'hang', on: 'create', username: wallet.lot.username, times: 1 });
    const created = await client.predictions.create({ model: 'black-forest-labs/flux-schnell', input: { prompt: 'x' } });
    market.replicate.control.addBehaviour({ kind: 'http_500', on: 'get', username: wallet.lot.username, times: 10 });
    await Promise.all(Array.from({ length: 10 }, () => client.predictions.get(created.id)));
    expect(market.replicate.control.behaviours()[0]?.times).toBeGreaterThanOrEqual(8);
    market.replicate.control.clearBehaviours();
  });
});

describe('many runs at once', () => {
  it('exactly 10 of 50 are authorized on credit for 10, over HTTP and two processes', async () => {
    const wallet = await aWallet(market, { usd: 0.03 });
    const second = await serveGateway(market, { services: await market.anotherProcess() });
    await officialClient(calls.gateway, wallet.key).accounts.current();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        fetch(`${(i % 2 ? second : calls.gateway).url}/models/black-forest-labs/flux-schnell/predictions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${wallet.key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ input: { prompt: 'the same' } }),
        }).then(async (answer) => ({ status: answer.status, body: (await answer.json()) as Record<string, unknown> })),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 402);
    expect(refused).toHaveLength(40);
    expect(refused[0]?.body).toMatchObject({ title: 'Insufficient credit', status: 402 });
    await eventually(async () => ((await findGrant(wallet)).capturedNano === 30_000_000n ? true : null));
    expect(await findGrant(wallet)).toMatchObject({ state: 'exhausted', availableNano: 0n });
    expect(market.replicate.control.predictions(wallet.lot.username)).toHaveLength(10);
    expect(
      await market
        .system()
        .db.select()
        .from(runs)
        .where(and(eq(runs.buyerId, getUserId(wallet.buyer)), eq(runs.state, 'captured'))),
    ).toHaveLength(10);
    await second.close();
    await expectInvariants(market);
  });
});
