import { describe, expect, it } from 'vitest';
import Replicate from 'replicate';
import { NANO_PER_USD } from '~/platform/money';
import { aWallet, type Wallet } from '~tests/factories/runs';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { calling, flux, prompt, type Answer } from './calling';

/** An access key or provider token in a create would reach the seller, so it is refused before anything is sent or stored. */
const market = testMarket();
const calls = calling(market);
const { findGrant, post, listRuns } = calls;

const TOKEN = `r8_${'aB3'.repeat(12)}x`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

async function expectNothingHappened(wallet: Wallet): Promise<void> {
  expect(await listRuns(wallet)).toHaveLength(0);
  expect(market.replicate.control.predictions(wallet.lot.username)).toHaveLength(0);
  expect(await findGrant(wallet)).toMatchObject({ availableNano: 10n * NANO_PER_USD, authorizedNano: 0n });
}

function expectRefused(answer: Answer, field: string, secret: string): void {
  expect(answer.status).toBe(422);
  expect(answer.body.detail).toContain(field);
  expect(JSON.stringify(answer.body)).not.toContain(secret);
}

describe('a create that holds a secret', () => {
  it('is refused when the official client sends its own settings as the input', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const client = new Replicate({ auth: wallet.key, baseUrl: calls.gateway.url, fileEncodingStrategy: 'data-uri' });
    const run = client.run('black-forest-labs/flux-schnell', { input: { prompt: 'x' } });
    await expect(run).rejects.toMatchObject({ response: { status: 422 } });
    await expect(run).rejects.toThrow(/input\.auth.*fileEncodingStrategy/s);
    await expectNothingHappened(wallet);
    await expectInvariants(market);
  });

  it.each<[string, string, (secret: string) => object]>([
    ['in a text', 'input.prompt', (secret) => ({ input: { prompt: `my key is ${secret}.` } })],
    ['deep in a list', 'input.items[1].note', (secret) => ({ input: { prompt: 'x', items: [1, { note: secret }] } })],
    ['as the name of a field', 'input.extra', (secret) => ({ input: { prompt: 'x', extra: { [secret]: 1 } } })],
    ['in an address', 'input.image', (secret) => ({ input: { prompt: 'x', image: `https://a.example/f.png?token=${secret}` } })],
    ['in an escaped address', 'input.image', (secret) => ({ input: { image: `https://a.example/${secret.replaceAll('_', '%5F')}` } })],
    ['in a data URL', 'input.image', (secret) => ({ input: { image: `data:text/plain;base64,${base64(`a ${secret} b`)}` } })],
    ['as Basic credentials', 'input.headers', (secret) => ({ input: { headers: `Basic ${base64(`user:${secret}`)}` } })],
    ['beside the input', 'webhook', (secret) => ({ ...prompt, webhook: `https://a.example/${secret}` })],
    ['in a field that is not forwarded', 'note', (secret) => ({ ...prompt, note: secret })],
  ])('is refused with the secret %s', async (_where, field, bodyWith) => {
    const wallet = await aWallet(market, { usd: 10 });
    for (const secret of [wallet.key, TOKEN]) expectRefused(await post(wallet.key, flux, bodyWith(secret)), field, secret);
    await expectNothingHappened(wallet);
  });

  it('is refused with the secret in the version, the URL, the query or the Idempotency-Key', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    for (const secret of [wallet.key, TOKEN]) {
      expectRefused(await post(wallet.key, '/predictions', { ...prompt, version: `${secret}/model` }), 'version', secret);
      expectRefused(await post(wallet.key, `/models/${secret}/model/predictions`, prompt), 'address', secret);
      expectRefused(await post(wallet.key, `${flux}?token=${secret}`, prompt), 'address', secret);
      expectRefused(await post(wallet.key, flux, prompt, { 'idempotency-key': secret }), 'Idempotency-Key', secret);
    }
    await expectNothingHappened(wallet);
  });

  it('is accepted with a text that only resembles a secret', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const alike = `cmk_ r8_ ${TOKEN.slice(0, -1)} ${wallet.key.slice(0, -1)} data:image/png;base64,${base64('x'.repeat(900))}`;
    expect((await post(wallet.key, flux, { input: { prompt: alike } })).status).toBe(201);
  });
});
