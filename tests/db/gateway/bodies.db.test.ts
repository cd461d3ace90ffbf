import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { mintAccessKey } from '~/modules/metering/index.server';
import { aPerson } from '~tests/factories/market';
import { testMarket } from '~tests/setup/market';
import { aWallet, serveGateway } from '~tests/factories/runs';
import { calling, flux, postTo, prompt } from './calling';

/** Bodies that cost the gateway too much. */
const market = testMarket();
const calls = calling(market);
const { post, listRuns } = calls;

const FOUR_MB = 4 * 1024 * 1024;
const open: ClientRequest[] = [];
afterEach(() => open.splice(0).forEach((each) => each.destroy()));

/** Starts a create and never sends its body. Returns the status of the answer. */
function beginOnly(key: string, { url } = calls.gateway): Promise<number> {
  return new Promise((done) => {
    const sent = request(url + flux, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': FOUR_MB },
    });
    open.push(sent);
    sent.once('response', (answer: IncomingMessage) => done(answer.statusCode ?? 0));
    sent.once('error', () => done(0));
    sent.write('{');
  });
}

describe('a request body', () => {
  it('is not read from a wallet that never bought anything: 402', async () => {
    const buyer = (await aPerson(market)).ctx();
    const { text } = await mintAccessKey(buyer, { name: 'free' });
    expect(await beginOnly(text ?? '')).toBe(402);
    expect(await post(text ?? '', flux, prompt)).toMatchObject({
      status: 402,
      body: { detail: expect.stringContaining('/listings') as string },
    });
  });

  it('is not read from a key that sends too many requests: 429', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const slow = await serveGateway(market, { createsPerMinute: 2 });
    for (const status of [422, 422, 429]) expect((await postTo(slow, wallet.key, flux, '[]')).status).toBe(status);
    expect(await beginOnly(wallet.key, slow)).toBe(429);
    await slow.close();
  });

  it.each([
    ['numbers', `{"input":{"prompt":"x","list":[${'0,'.repeat(2_000_000)}0]}}`],
    ['empty objects', `{"input":{"prompt":"x","list":[${'{},'.repeat(1_300_000)}{}]}}`],
    ['empty lists in lists', `{"input":{"prompt":"x","list":${'[['.repeat(50_000)}${']]'.repeat(50_000)}}}`],
  ])('with four megabytes of %s is 422 before it is parsed', async (_what, body) => {
    const wallet = await aWallet(market, { usd: 10 });
    expect(await post(wallet.key, flux, body)).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(/^The body may/) as string },
    });
    expect(await listRuns(wallet)).toEqual([]);
  });

  it('that never ends takes no room from other buyers, and beyond the buyer’s own share the answer is 503', async () => {
    const [greedy, other] = [await aWallet(market, { usd: 10 }), await aWallet(market, { usd: 10 })];
    const answered: number[] = [];
    for (let n = 0; n < 270; n += 1) void beginOnly(greedy.key).then((status) => answered.push(status));
    await expect.poll(() => answered.length, { timeout: 9_000 }).toBeGreaterThan(0);
    expect((await post(other.key, flux, prompt)).status).toBe(201);
    expect(new Set(answered)).toEqual(new Set([503]));
  });

  it('with a large input is not stored with the run, and is still shown while Replicate has it', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const input = { prompt: 'x', image: `data:image/png;base64,${'A'.repeat(100_000)}` };
    const { body } = await post(wallet.key, flux, { input }, { prefer: 'wait' });
    const shown = await fetch(`${calls.gateway.url}/predictions/${String(body.id)}`, {
      headers: { authorization: `Bearer ${wallet.key}` },
    });
    expect(await shown.json()).toMatchObject({ status: 'succeeded', input, output: [expect.any(String)] });
    const [run] = await listRuns(wallet);
    expect(run).toMatchObject({ state: 'captured', finalBody: expect.stringContaining('"status":"succeeded"') as string });
    expect(run?.finalBody).not.toContain('"input"');
  });
});
