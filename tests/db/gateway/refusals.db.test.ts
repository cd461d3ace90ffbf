import { describe, expect, it } from 'vitest';
import { mintAccessKey, revokeAccessKey } from '~/modules/metering/index.server';
import type { Id } from '~/platform/ids';
import { NANO_PER_USD } from '~/platform/money';
import { testMarket } from '~tests/setup/market';
import { aWallet, officialClient, serveGateway } from '~tests/factories/runs';
import { calling, flux, postTo, prompt } from './calling';

/** Refusals in Replicate's format, which cost nothing. */
const market = testMarket();
const calls = calling(market);
const { findGrant, post, listRuns } = calls;

describe('a caller', () => {
  it('needs a valid access key; a revoked one stops working at once', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    for (const key of [
      '',
      'r8_aaaa',
      wallet.key.slice(0, -1),
      `${wallet.key}x`,
      wallet.key.replace(/.$/, (c) => (c === 'a' ? 'b' : 'a')),
    ]) {
      expect(await post(key, flux, prompt)).toMatchObject({ status: 401, body: { title: 'Unauthenticated', status: 401 } });
    }
    expect((await fetch(`${calls.gateway.url}/account`, { headers: { authorization: `Token ${wallet.key}` } })).status).toBe(200);
    await revokeAccessKey(wallet.buyer, wallet.keyId as Id<'accessKey'>);
    expect((await post(wallet.key, flux, prompt)).status).toBe(401);
  });

  it('gets no cookie, no CORS header, and 404 for paths that Replicate does not have', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    for (const path of ['/nothing', '/models/a', '/models/a/b/c', '/predictions/zzzz/other', '/account/x', '/v1']) {
      const answer = await fetch(`${calls.gateway.url}${path}`, {
        headers: { authorization: `Bearer ${wallet.key}`, origin: 'https://evil.example' },
      });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(await answer.json()).toMatchObject({ status: 404 });
    }
  });

  it('is refused above the key’s daily cap, in Replicate’s format', async () => {
    const wallet = await aWallet(market, { usd: 10, cap: '0.003' });
    expect((await post(wallet.key, flux, prompt)).status).toBe(201);
    expect(await post(wallet.key, flux, prompt)).toMatchObject({
      status: 402,
      body: { title: 'Insufficient credit', detail: expect.stringContaining('cap') as string },
    });
  });
});

describe('a create', () => {
  it.each([
    ['text for a number', { input: { prompt: 'x', num_outputs: '4' } }, 'num_outputs'],
    ['a negative number', { input: { prompt: 'x', num_outputs: -4 } }, 'num_outputs'],
    ['more than the model allows', { input: { prompt: 'x', num_outputs: 5 } }, 'num_outputs'],
    ['a huge number', { input: { prompt: 'x', num_outputs: 1e30 } }, 'num_outputs'],
    ['an input that is no object', { input: [1] }, 'input'],
    ['a webhook', { ...prompt, webhook: 'https://example.com/hook' }, 'webhook'],
    ['a file in the provider’s store', { input: { prompt: 'x', image: 'https://api.replicate.com/v1/files/abc' } }, 'files'],
    ['one with doubled slashes', { input: { prompt: 'x', image: 'https://api.replicate.com//v1//files/abc' } }, 'files'],
    ['one with dots', { input: { prompt: 'x', images: ['https://api.replicate.com/v1/./x/../files/abc'] } }, 'files'],
    ['one with escapes', { input: { prompt: 'x', image: 'HTTPS:\\\\api.replicate.com\\%761/f%69les/abc' } }, 'files'],
    ['one with a tab', { input: { prompt: 'x', image: ' ht\ttps://api.replicate.com/v1/fi\nles/abc' } }, 'files'],
    ['no JSON object', '[]', 'object'],
    ['no JSON', '{"input":', 'object'],
  ])('is 422 for %s, and authorizes nothing', async (_name, body, names) => {
    const wallet = await aWallet(market, { usd: 10 });
    expect(await post(wallet.key, flux, body)).toMatchObject({ status: 422, body: { detail: expect.stringContaining(names) as string } });
    expect(await listRuns(wallet)).toHaveLength(0);
  });

  it('is 422 for a model without a price; the answer names it and lists the priced models', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    for (const [path, body] of [
      ['/models/acme-labs/unpriced-model/predictions', prompt],
      ['/predictions', { ...prompt, version: 'acme-labs/unpriced-model' }],
      ['/predictions', { ...prompt, version: `acme-labs/unpriced-model:${'a'.repeat(64)}` }],
    ] as const) {
      const answer = await post(wallet.key, path, body);
      expect(answer.status).toBe(422);
      expect(answer.body.detail).toContain('acme-labs/unpriced-model');
      expect(answer.body.detail).toContain('/docs/gateway');
    }
  });

  it('is 422 for an unknown version, a private model’s version, and a name that does not fit the version', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const unknown = 'a'.repeat(64);
    expect(await post(wallet.key, '/predictions', { ...prompt, version: unknown })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining(unknown) as string },
    });
    expect((await post(wallet.key, '/predictions', { ...prompt, version: 'nonsense' })).status).toBe(422);
    const { body } = await post(wallet.key, flux, prompt);
    const wrong = `stability-ai/sdxl:${String(body.version)}`;
    expect(await post(wallet.key, '/predictions', { ...prompt, version: wrong })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('stability-ai/sdxl') as string },
    });
  });

  it('is 413 for a body over the cap and 415 for another content type, and the connection stays open', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    expect((await post(wallet.key, flux, { input: { prompt: 'x'.repeat(5_000_000) } })).status).toBe(413);
    expect((await post(wallet.key, flux, prompt, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(wallet.key, flux, prompt)).status).toBe(201);
  });

  it('passes on Replicate’s own refusal and costs nothing', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const answer = await post(wallet.key, flux, { input: { prompt: 7 } });
    expect(answer).toMatchObject({ status: 422, body: { title: 'Input validation failed' } });
    expect(await listRuns(wallet)).toMatchObject([{ state: 'voided', capturedNano: 0n }]);
    expect((await findGrant(wallet)).availableNano).toBe(10n * NANO_PER_USD);
  });

  it('forwards only version and input from the body', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const answer = await post(wallet.key, flux, { ...prompt, webhook_events_filter: ['start'], deadline: '1s', version: 'f'.repeat(64) });
    expect(answer.status).toBe(201);
  });
});

describe('credit', () => {
  it('is 402 in Replicate’s format when no grant covers the bound, and for an empty wallet', async () => {
    const wallet = await aWallet(market, { usd: 0.01 });
    expect(await post(wallet.key, flux, { input: { prompt: 'x', num_outputs: 4 } })).toMatchObject({
      status: 402,
      body: { title: 'Insufficient credit', status: 402 },
    });
    const empty = await mintAccessKey(wallet.buyer, { name: 'second' });
    expect((await post(empty.text ?? '', flux, prompt)).status).toBe(201);
    await expect(
      officialClient(calls.gateway, wallet.key).run('black-forest-labs/flux-1.1-pro', { input: { prompt: 'x' } }),
    ).rejects.toMatchObject({ response: { status: 402 } });
  });

  it('limits a timed run to the remaining credit by a shorter Cancel-After', async () => {
    const wallet = await aWallet(market, { usd: 0.1 });
    const answer = await post(wallet.key, '/predictions', { ...prompt, version: 'stability-ai/sdxl' });
    expect(answer.status).toBe(201);
    const [run] = await listRuns(wallet);
    expect(run?.authorizedNano).toBe(100_000_000n);
    const seconds = (Date.parse(String(answer.body.deadline)) - Date.parse(String(answer.body.created_at))) / 1_000;
    expect(seconds).toBe(92);
  });
});

describe('trouble at Replicate', () => {
  it('is 503 and costs nothing when the request could not be sent', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    await post(wallet.key, flux, prompt);
    const ports = market.services.ports;
    const dead = {
      ...market.services,
      ctxFor: (actor: Parameters<typeof market.services.ctxFor>[0]) => ({
        ...market.services.ctxFor(actor),
        ports: { ...ports, replicateRuns: unreachable(ports.replicateRuns) },
      }),
    };
    const cut = await serveGateway(market, { services: dead });
    expect((await postTo(cut, wallet.key, flux, prompt)).status).toBe(503);
    expect((await listRuns(wallet)).filter((run) => run.state === 'voided').length).toBeGreaterThan(0);
    expect((await findGrant(wallet)).authorizedNano).toBeLessThanOrEqual(3_000_000n);
    await cut.close();
  });

  it('is 429 with Retry-After when Replicate throttles, and the lot stays on sale', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.addBehaviour({ kind: 'http_429', on: 'create', username: wallet.lot.username, times: 1 });
    const answer = await post(wallet.key, flux, prompt);
    expect(answer).toMatchObject({ status: 429, body: { detail: expect.stringContaining('throttled') as string } });
    expect(answer.headers.get('retry-after')).not.toBeNull();
    expect(await findGrant(wallet)).toMatchObject({ state: 'open', authorizedNano: 0n });
  });
});

function unreachable(port: typeof market.services.ports.replicateRuns): typeof port {
  return { ...port, create: () => Promise.resolve({ kind: 'not_sent', detail: 'ECONNREFUSED' }) };
}
