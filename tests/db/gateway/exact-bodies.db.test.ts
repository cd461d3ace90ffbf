import { describe, expect, it } from 'vitest';
import { aWallet, officialClient, type Wallet } from '~tests/factories/runs';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { calling, flux } from './calling';

/** Inputs and outputs pass unchanged: every digit, and texts that Postgres cannot store. */
const market = testMarket();
const calls = calling(market);
const { findGrant, reconcile, listRuns } = calls;

/** The answers as text, since `JSON.parse` loses digits. */
async function sendText(wallet: Wallet, path: string, body: string | null, headers: Record<string, string> = {}) {
  const answer = await fetch(calls.gateway.url + path, {
    method: body === null ? 'GET' : 'POST',
    body,
    headers: { authorization: `Bearer ${wallet.key}`, 'content-type': 'application/json', ...headers },
  });
  return { status: answer.status, text: await answer.text() };
}

const wait = { prefer: 'wait' };
const idIn = (text: string) => String((JSON.parse(text) as { id: unknown }).id);

async function atReplicate(wallet: Wallet, id: string): Promise<string> {
  const answer = await fetch(`${market.replicate.url}/v1/predictions/${id}`, { headers: { authorization: `Bearer ${wallet.lot.token}` } });
  return answer.text();
}

function nextOutput(wallet: Wallet, outputJson: string, more: { metrics?: Record<string, string | number>; delayMs?: number } = {}) {
  market.replicate.control.addBehaviour({ kind: 'succeed', on: 'create', username: wallet.lot.username, times: 1, outputJson, ...more });
}

describe('a number that JavaScript cannot hold', () => {
  const input = '{"prompt":"x","seed":9007199254740993,"extra":[18446744073709551615,0.1234567890123456789,1e400]}';
  const output = '{"hash":18446744073709551615,"small":1e-400,"list":[-9007199254740993,0.30000000000000004]}';

  it('keeps every digit in both directions: in the create’s answer, when polled, and from our own row', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    nextOutput(wallet, output);
    const created = await sendText(wallet, flux, `{"input":${input}}`, wait);
    expect(created.status).toBe(201);
    const id = idIn(created.text);
    const first = await sendText(wallet, `/predictions/${id}`, null);
    const again = await sendText(wallet, `/predictions/${id}`, null);
    for (const text of [created.text, first.text, again.text, await atReplicate(wallet, id)]) {
      expect(text).toContain(`"input":${input}`);
      expect(text).toContain(`"output":${output}`);
    }
    expect(await listRuns(wallet)).toMatchObject([{ state: 'captured', capturedNano: 3_000_000n }]);
  });

  it('does not stop us from finding a run whose answer was lost', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.addBehaviour({
      kind: 'accept_then_reset',
      on: 'create',
      username: wallet.lot.username,
      times: 1,
      delayMs: 50,
    });
    market.replicate.control.setWebhooks({ mode: 'drop' });
    expect((await sendText(wallet, flux, `{"input":${input}}`)).status).toBe(502);
    market.advance(61_000);
    await reconcile();
    await reconcile();
    market.replicate.control.setWebhooks({ mode: 'normal' });
    expect(await listRuns(wallet)).toMatchObject([{ state: 'captured', capturedNano: 3_000_000n }]);
  });

  it('is not confused with an object that looks like one', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const forged = '{"isLosslessNumber":true,"value":"1,\\"webhook\\":1"}';
    const { status, text } = await sendText(wallet, flux, `{"input":{"prompt":"x","seed":9007199254740993,"extra":${forged}}}`);
    expect(status).toBe(201);
    expect(await atReplicate(wallet, idIn(text))).toContain(`"extra":${forged}`);
  });
});

describe('a text that Postgres cannot store', () => {
  const input = '{"prompt":"cut \\ud83d","\\u0000name":"a\\u0000b"}';

  it.each([
    ['half a character', '{"text":"cut \\ud83d","cut \\udc00":"x"}'],
    ['a zero character', '{"text":"a\\u0000b","a\\u0000b":"x"}'],
    ['a number that no database holds', '{"n":1e999999}'],
  ])('does not stop a run from being settled and read: %s', async (_what, output) => {
    const wallet = await aWallet(market, { usd: 10 });
    nextOutput(wallet, output, { metrics: { 'a\u0000b': 1, note: 'cut \ud83d', 'cut \ud83d': 'a\u0000b' } });
    const created = await sendText(wallet, flux, `{"input":${input}}`, wait);
    expect(created.status).toBe(201);
    const id = idIn(created.text);
    for (let poll = 0; poll < 2; poll += 1) {
      const { status, text } = await sendText(wallet, `/predictions/${id}`, null);
      expect(status).toBe(200);
      expect(text).toContain(`"output":${output}`);
      expect(text).toContain('"prompt":"cut \\ud83d"');
    }
    expect(await listRuns(wallet)).toMatchObject([{ state: 'captured', capturedNano: 3_000_000n, metrics: { image_output_count: 1 } }]);
    expect(await findGrant(wallet)).toMatchObject({ authorizedNano: 0n });
    await expectInvariants(market);
  });
});

describe('a token in an answer', () => {
  it('is removed before it is stored or sent', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    nextOutput(wallet, JSON.stringify({ env: `REPLICATE_API_TOKEN=${wallet.lot.token}` }));
    const run = await officialClient(calls.gateway, wallet.key).run('black-forest-labs/flux-schnell', { input: { prompt: 'x' } });
    expect(run).toEqual({ env: 'REPLICATE_API_TOKEN=[removed]' });
    await expectInvariants(market);
  });
});
