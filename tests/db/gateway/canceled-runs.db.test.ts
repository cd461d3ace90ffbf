import { desc, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { accessKeys, exposures, runs } from '~db/schema';
import { addDays } from '~/platform/dates';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { aWallet, getUserId, type Wallet } from '~tests/factories/runs';
import { calling, flux, prompt } from './calling';

const market = testMarket();
const calls = calling(market);
const llama = '/models/meta/meta-llama-3.1-405b-instruct/predictions';

async function findRun(wallet: Wallet) {
  const [run] = await calls.listRuns(wallet);
  return run;
}

async function findExposure(wallet: Wallet) {
  const [row] = await market
    .system()
    .db.select()
    .from(exposures)
    .where(eq(exposures.buyerId, getUserId(wallet.buyer)))
    .orderBy(desc(exposures.createdAt));
  return row;
}

async function look(wallet: Wallet, id: unknown) {
  const answer = await fetch(`${calls.gateway.url}/predictions/${String(id)}`, { headers: { authorization: `Bearer ${wallet.key}` } });
  return (await answer.json()) as Record<string, unknown>;
}

/** Polls until the prediction has the expected state. */
async function lookFor(wallet: Wallet, id: unknown, wanted: (body: Record<string, unknown>) => boolean) {
  for (let i = 0; i < 60; i += 1) {
    const body = await look(wallet, id);
    if (wanted(body)) return body;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('It never came to that.');
}

const cancel = (wallet: Wallet, id: unknown) => calls.post(wallet.key, `/predictions/${String(id)}/cancel`, {});
const hasOutput = ({ output }: Record<string, unknown>) => output !== null;
const isProcessing = ({ status }: Record<string, unknown>) => status === 'processing';

function slowly(wallet: Wallet, kind: 'succeed' | 'no_metrics' | 'early_output') {
  market.replicate.control.addBehaviour({ kind, on: 'create', username: wallet.lot.username, times: 1, delayMs: 60_000 });
}
/** The times at which a slow run starts and shows its output. */
const BEGUN_MS = 15_000;
const SHOWN_MS = 52_000;

describe('a run that is canceled after its output was read', () => {
  it('is charged by its metrics', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    slowly(wallet, 'succeed');
    const { body } = await calls.post(wallet.key, llama, { input: { prompt: '12345678' } });
    market.advance(SHOWN_MS);
    await lookFor(wallet, body.id, hasOutput);
    await cancel(wallet, body.id);
    // 2 tokens in, 43 out.
    expect(await findRun(wallet)).toMatchObject({ state: 'captured', capturedNano: 45n * 9_500n, estimated: false });
    expect(await findExposure(wallet)).toBeUndefined();
    await expectInvariants(market);
  });

  it('is charged for the output delivered if metrics are missing, marked as an estimate', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    slowly(wallet, 'no_metrics');
    const { body } = await calls.post(wallet.key, flux, { input: { prompt: 'x', num_outputs: 3 } });
    market.advance(SHOWN_MS);
    await lookFor(wallet, body.id, hasOutput);
    expect(await findRun(wallet)).toMatchObject({ deliveredNano: 9_000_000n });
    await cancel(wallet, body.id);
    expect(await findRun(wallet)).toMatchObject({ state: 'captured', capturedNano: 9_000_000n, estimated: true });
    await expectInvariants(market);
  });
});

describe('a run that is canceled before it has output', () => {
  it('costs nothing before it starts; after that the buyer pays nothing, and the bound is recorded as an exposure', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    slowly(wallet, 'succeed');
    const early = await calls.post(wallet.key, flux, prompt);
    await cancel(wallet, early.body.id);
    expect(await findRun(wallet)).toMatchObject({ state: 'voided' });
    expect(await findExposure(wallet)).toBeUndefined();
    slowly(wallet, 'succeed');
    const late = await calls.post(wallet.key, flux, prompt);
    market.advance(BEGUN_MS);
    await lookFor(wallet, late.body.id, isProcessing);
    await cancel(wallet, late.body.id);
    expect(await findRun(wallet)).toMatchObject({ state: 'voided' });
    expect(await findExposure(wallet)).toMatchObject({ reason: 'canceled_without_metrics', amountNano: 3_000_000n });
  });
});

describe('exposures of a buyer', () => {
  it('above the market’s limit block new runs with a clear sentence, and count for thirty days', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const buyerId = getUserId(wallet.buyer);
    const { body } = await calls.post(wallet.key, flux, prompt);
    await lookFor(wallet, body.id, ({ status }) => status === 'succeeded');
    const run = await findRun(wallet);
    if (!run) throw new Error('no run');
    const old = { buyerId, runId: run.id, listingId: run.listingId, reason: 'canceled_without_metrics' } as const;
    await market
      .system()
      .db.insert(exposures)
      .values([
        { ...old, id: 'exp_00000000000000000000000000000001', amountNano: 40_000_000_000n, createdAt: addDays(market.system().now, -31) },
        { ...old, id: 'exp_00000000000000000000000000000002', amountNano: 50_000_000_000n, createdAt: market.system().now },
      ]);
    market.advance(3_000);
    expect((await calls.post(wallet.key, flux, prompt)).status).toBe(201);
    await market
      .system()
      .db.insert(exposures)
      .values({ ...old, id: 'exp_00000000000000000000000000000003', amountNano: 10_000_000n, createdAt: market.system().now });
    await new Promise((done) => setTimeout(done, 2_100));
    const refused = await calls.post(wallet.key, flux, prompt);
    expect(refused.status).toBe(402);
    expect(String(refused.body.detail)).toContain('$50.01 in the last 30 days that nobody paid for');
  });
});

describe('an answer that names another model', () => {
  it('stops that run and not the key; admins can read the model’s name', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.tune({ model: 'meta/meta-llama-3.1-405b-instruct', shownAs: 'replicate/lifeboat-70b' });
    const { status, body } = await calls.post(wallet.key, llama, { input: { prompt: 'x' } });
    expect(status).toBe(502);
    expect(String(body.detail)).toContain('replicate/lifeboat-70b');
    const [key] = await market
      .system()
      .db.select({ revokedAt: accessKeys.revokedAt })
      .from(accessKeys)
      .where(eq(accessKeys.buyerId, getUserId(wallet.buyer)));
    expect(key).toEqual({ revokedAt: null });
    expect(await findExposure(wallet)).toMatchObject({ reason: 'other_model' });
    expect((await findExposure(wallet))?.detail).toContain('answered replicate/lifeboat-70b');
    expect((await calls.post(wallet.key, flux, prompt)).status).toBe(201);
    const [stopped] = await market
      .system()
      .db.select()
      .from(runs)
      .where(eq(runs.buyerId, getUserId(wallet.buyer)))
      .orderBy(runs.id)
      .limit(1);
    expect(stopped).toMatchObject({ state: 'voided', capturedNano: 0n });
    await expectInvariants(market);
  });
});
