import { describe, expect, it } from 'vitest';
import Replicate from 'replicate';
import { testMarket } from '~tests/setup/market';
import { aWallet } from '~tests/factories/runs';
import { calling, flux, postTo, prompt } from './calling';

/** Operations of Replicate that the gateway knows and does not serve, and what clients then do. */
const market = testMarket();
const calls = calling(market);
const { post, listRuns } = calls;
const llama = '/models/meta/meta-llama-3.1-405b-instruct/predictions';

describe('an operation that is not served', () => {
  it.each([
    ['POST', '/files'],
    ['GET', '/files'],
    ['GET', '/predictions'],
    ['GET', '/models'],
    ['QUERY', '/models'],
    ['GET', '/search'],
    ['GET', '/hardware'],
    ['GET', '/collections/text-to-image'],
    ['GET', '/webhooks/default/secret'],
    ['POST', '/deployments/a/b/predictions'],
    ['POST', `/models/a/b/versions/${'a'.repeat(64)}/trainings`],
    ['DELETE', '/models/a/b'],
    ['GET', '/models/black-forest-labs/flux-schnell/readme'],
  ])('is 501 with a sentence: %s %s', async (method, path) => {
    const wallet = await aWallet(market, { usd: 10 });
    const answer = await fetch(calls.gateway.url + path, { method, headers: { authorization: `Bearer ${wallet.key}` } });
    expect(answer.status).toBe(501);
    expect(await answer.json()).toMatchObject({ status: 501, detail: expect.stringContaining('/docs/gateway') as string });
    expect((await fetch(calls.gateway.url + path, { method })).status).toBe(401);
  });

  it('is 501 for files, so that the official client puts them into the input', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const client = new Replicate({ auth: wallet.key, baseUrl: calls.gateway.url, useFileOutput: false });
    const image = new Blob(['a picture'], { type: 'image/png' });
    const output = await client.run('black-forest-labs/flux-1.1-pro', { input: { prompt: 'x', image_prompt: image } });
    expect(output).toMatch(/^http/);
    const [sent] = market.replicate.control.predictions(wallet.lot.username);
    expect(sent?.input).toMatchObject({ image_prompt: `data:image/png;base64,${Buffer.from('a picture').toString('base64')}` });
  });

  it('is refused as a stream before anything runs', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    for (const [body, headers] of [
      [{ ...prompt, stream: true }, {}],
      [prompt, { accept: 'text/event-stream' }],
    ] as const) {
      expect(await post(wallet.key, llama, body, headers)).toMatchObject({
        status: 422,
        body: { detail: expect.stringContaining('stream') as string },
      });
    }
    expect(await listRuns(wallet)).toHaveLength(0);
    expect((await post(wallet.key, llama, { ...prompt, stream: false })).status).toBe(201);
  });
});

describe('a request', () => {
  it('is read as JSON without a content type, and with the one of curl -d', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    expect((await post(wallet.key, flux, prompt, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(201);
    const bare = await fetch(calls.gateway.url + flux, {
      method: 'POST',
      headers: { authorization: `Bearer ${wallet.key}` },
      body: new Blob([JSON.stringify(prompt)]),
    });
    expect(bare.status).toBe(201);
  });

  it('is served under a doubled /v1', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const doubled = { ...calls.gateway, url: `${calls.gateway.url}/v1` };
    const answer = await postTo(doubled, wallet.key, flux, prompt);
    expect(answer).toMatchObject({
      status: 201,
      body: { urls: { get: expect.stringContaining(`${calls.gateway.url}/predictions/`) as string } },
    });
  });
});

describe('a throttled create', () => {
  it('passes Replicate’s retry_after on as Retry-After, even if Replicate sends no header', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.addBehaviour({ kind: 'http_429_in_body', on: 'create', username: wallet.lot.username, times: 1 });
    const answer = await post(wallet.key, flux, prompt);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('17');
  });
});
