import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { aWallet, serveGateway, type Wallet } from '~tests/factories/runs';
import { calling, flux, postTo } from './calling';

/** More creates than the gateway sends to the provider at once. */
const market = testMarket();
const calls = calling(market);
const { findGrant, post, listRuns } = calls;

afterEach(() => market.replicate.control.tune({ holdCreates: false }));

const countSent = ({ lot }: Wallet) => market.replicate.control.predictions(lot.username).length;

function postAndLeave(wallet: Wallet, n: number, signal: AbortSignal) {
  return fetch(calls.gateway.url + flux, {
    method: 'POST',
    signal,
    headers: { authorization: `Bearer ${wallet.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ input: { prompt: `picture ${n}` } }),
  }).catch(() => null);
}

describe('creates whose clients have disconnected', () => {
  it('are neither sent nor charged if they were still queued', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    expect((await post(wallet.key, flux, { input: { prompt: 'first' } })).status).toBe(201);
    market.replicate.control.tune({ holdCreates: true });
    const client = new AbortController();
    const creates = Array.from({ length: 200 }, (_, n) => postAndLeave(wallet, n, client.signal));
    const openRuns = async () => (await listRuns(wallet)).filter(({ state }) => state === 'authorized').length;
    // So many creates of one buyer are sent at once; all others are queued.
    await expect.poll(openRuns, { timeout: 20_000 }).toBe(64);
    client.abort();
    await Promise.all(creates);
    await sleep(500);
    market.replicate.control.tune({ holdCreates: false });
    await expect.poll(openRuns, { timeout: 20_000 }).toBe(0);
    const sent = countSent(wallet);
    expect(sent).toBe(65);
    const { capturedNano, authorizedNano } = await findGrant(wallet);
    expect([capturedNano, authorizedNano]).toEqual([BigInt(sent) * 3_000_000n, 0n]);
    await expectInvariants(market);
  });
});

describe('creates beyond the queue’s limit', () => {
  it('are 503 with Retry-After, cost nothing, and leave room for other buyers', async () => {
    const [wallet, other] = [await aWallet(market, { usd: 10 }), await aWallet(market, { usd: 10 })];
    market.replicate.control.tune({ holdCreates: true });
    let refused = 0;
    const creates = Array.from({ length: 500 }, async (_, n) => {
      const { status, headers } = await post(wallet.key, flux, { input: { prompt: `picture ${n}` } });
      if (status === 503 && Number(headers.get('retry-after')) > 0) refused += 1;
      return status;
    });
    await expect.poll(() => refused, { timeout: 20_000 }).toBeGreaterThanOrEqual(500 - 64 - 256);
    const beside = post(other.key, flux, { input: { prompt: 'beside' } });
    await expect.poll(async () => (await listRuns(other)).length, { timeout: 20_000 }).toBe(1);
    market.replicate.control.tune({ holdCreates: false });
    const answered = (await Promise.all(creates)).filter((status) => status === 201).length;
    expect(answered + refused).toBe(500);
    expect(countSent(wallet)).toBe(answered);
    expect((await beside).status).toBe(201);
    await expectInvariants(market);
  });
});

describe('a gateway that shuts down', () => {
  it('answers a waiting create with the run’s current state, and a queued one with 503', async () => {
    const stop = new AbortController();
    const gateway = await serveGateway(market, { createsPerMinute: 60, stopping: stop.signal });
    const [held, throttled] = [await aWallet(market, { usd: 10 }), await aWallet(market, { usd: 10 })];
    market.replicate.control.addBehaviour({ kind: 'hang', on: 'create', username: held.lot.username, times: 1 });
    const waiting = postTo(gateway, held.key, flux, { input: { prompt: 'long' } }, { prefer: 'wait=30' });
    await Promise.all(Array.from({ length: 60 }, () => postTo(gateway, throttled.key, flux, '[]')));
    const queued = postTo(gateway, throttled.key, flux, { input: { prompt: 'next' } });
    await expect.poll(async () => (await listRuns(held))[0]?.upstreamId ?? null).not.toBeNull();
    stop.abort();
    expect(await waiting).toMatchObject({ status: 201, body: { status: 'starting', output: null } });
    const refused = await queued;
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await listRuns(throttled)).toEqual([]);
    await gateway.close();
  });
});
