import { desc, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { runs } from '~db/schema';
import { currentPrices, importPriceBook, latestVersion, refreshVersions } from '~/modules/pricing/index.server';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { aGrant, aWallet, getUserId, type Wallet } from '~tests/factories/runs';
import { calling } from './calling';

const market = testMarket();
const calls = calling(market);
const RATE = 975_000n;
let version: string;

beforeAll(async () => {
  await importPriceBook(market.system());
  const [price] = (await currentPrices(market.system())).filter(({ model }) => model === 'stability-ai/sdxl');
  const { token } = market.replicate.control.createAccount({ username: 'versions', creditUsd: '10' });
  if (price) await refreshVersions(market.system(), price, token);
  version = (await latestVersion(market.system(), 'stability-ai/sdxl'))?.version ?? '';
});

async function create(wallet: Wallet, headers: Record<string, string> = {}) {
  const answer = await calls.post(wallet.key, '/predictions', { version, input: { prompt: 'a market' } }, headers);
  return { answer, text: JSON.stringify(answer.body) };
}

async function lastRun(wallet: Wallet) {
  const [run] = await market
    .system()
    .db.select()
    .from(runs)
    .where(eq(runs.buyerId, getUserId(wallet.buyer)))
    .orderBy(desc(runs.id))
    .limit(1);
  return run;
}

describe('the deadline of a run priced by time', () => {
  it('is not shortened to fit the first lot while another lot covers the whole bound', async () => {
    const wallet = await aWallet(market, { usd: 100 });
    await aGrant(market, wallet.buyer, { usd: 0.034, endsInDays: 2 });
    const { answer } = await create(wallet);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cancel-after')).toBe('1800s');
    expect(await lastRun(wallet)).toMatchObject({ grantId: wallet.lot.grantId, authorizedNano: RATE * 1_810n });
    await expectInvariants(market);
  });

  it('is the client’s, even beyond 15 minutes', async () => {
    const wallet = await aWallet(market, { usd: 100 });
    const { answer } = await create(wallet, { 'cancel-after': '20m' });
    expect(answer.headers.get('cancel-after')).toBe('1200s');
    expect(await lastRun(wallet)).toMatchObject({ authorizedNano: RATE * 1_210n });
  });

  it('is never shortened if the client set it: without enough credit the answer is 402, with the amounts', async () => {
    const wallet = await aWallet(market, { usd: 1 });
    await aGrant(market, wallet.buyer, { usd: 0.5 });
    const { answer, text } = await create(wallet, { 'cancel-after': '20m' });
    expect(answer.status).toBe(402);
    expect(text).toContain('may cost $1.17975 in 1200 seconds');
    expect(text).toContain('The fullest lot of this wallet has $1.00 free, all 2 together $1.50');
    expect((await create(wallet, { 'cancel-after': '10m' })).answer.status).toBe(201);
  });

  it('is shortened to the fullest lot if the client set none and no lot covers it, and the answer says so', async () => {
    const wallet = await aWallet(market, { usd: 0.5 });
    await aGrant(market, wallet.buyer, { usd: 0.25, endsInDays: 2 });
    const { answer } = await create(wallet);
    // $0.50 at $0.000975 a second is 512 seconds, 10 of them grace.
    expect(answer.headers.get('cancel-after')).toBe('502s');
    expect(answer.body).toHaveProperty('deadline');
    expect(await lastRun(wallet)).toMatchObject({ grantId: wallet.lot.grantId });
  });

  it('is at least a minute by default; a client that sets less may burn the rest of a lot', async () => {
    const wallet = await aWallet(market, { usd: 0.034 });
    const { answer, text } = await create(wallet);
    expect(answer.status).toBe(402);
    expect(text).toContain('send Cancel-After');
    expect((await create(wallet, { 'cancel-after': '20s' })).answer.status).toBe(201);
  });
});
