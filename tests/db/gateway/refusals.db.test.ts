import { randomUUID } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grants, runs } from '~db/schema';
import { mintAccessKey, revokeAccessKey } from '~/modules/metering/index.server';
import type { Id } from '~/platform/ids';
import { HOUR_MS } from '~/platform/dates';
import { NANO_PER_USD } from '~/platform/money';
import { reconcileRuns } from '~/workflows/reconcile-runs.server';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { aWallet, hooksAt, officialClient, serveGateway, userIdOf, type MountedGateway, type Wallet } from '~tests/factories/runs';

const market = testMarket();
let gateway: MountedGateway;
beforeAll(async () => {
  gateway = await serveGateway(market);
  market.replicate.control.tune({ predictionMs: 120 });
});
afterAll(() => gateway.close());

const flux = '/models/black-forest-labs/flux-schnell/predictions';
const prompt = { input: { prompt: 'x' } };

interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

async function post(key: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${gateway.url}${path}`, {
    method: 'POST',
    body: text,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers };
}

async function grantOf(wallet: Wallet) {
  const [row] = await market.system().db.select().from(grants).where(eq(grants.id, wallet.lot.grantId));
  if (!row) throw new Error('no grant');
  return row;
}

async function runsOf(wallet: Wallet) {
  return market
    .system()
    .db.select()
    .from(runs)
    .where(eq(runs.buyerId, userIdOf(wallet.buyer)))
    .orderBy(desc(runs.id));
}

/** The reconciler with the addresses of this gateway, as in a real installation. */
async function reconcile(): Promise<void> {
  const ctx = market.system();
  await reconcileRuns({ ...ctx, ports: { ...ctx.ports, runHooks: hooksAt(market, gateway.origin) } });
}

describe('who calls', () => {
  it('must be a key of ours that is not revoked; a revoked one stops at once', async () => {
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
    expect((await fetch(`${gateway.url}/account`, { headers: { authorization: `Token ${wallet.key}` } })).status).toBe(200);
    await revokeAccessKey(wallet.buyer, wallet.keyId as Id<'accessKey'>);
    expect((await post(wallet.key, flux, prompt)).status).toBe(401);
  });

  it('gets no cookie, no CORS header, and 404 for every other route', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    for (const path of ['/trainings', '/deployments/x/y/predictions', '/models', '/files', '/predictions/zzzz/stream', '/hardware']) {
      const answer = await fetch(`${gateway.url}${path}`, {
        headers: { authorization: `Bearer ${wallet.key}`, origin: 'https://evil.example' },
      });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(await answer.json()).toMatchObject({ status: 404 });
    }
  });

  it('is refused past its cap of the day, in Replicate’s shape', async () => {
    const wallet = await aWallet(market, { usd: 10, cap: '0.003' });
    expect((await post(wallet.key, flux, prompt)).status).toBe(201);
    expect(await post(wallet.key, flux, prompt)).toMatchObject({
      status: 402,
      body: { title: 'Insufficient credit', detail: expect.stringContaining('cap') as string },
    });
  });
});

describe('what is asked for', () => {
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
    expect(await runsOf(wallet)).toHaveLength(0);
  });

  it('is 422 for a model without a price, named, with the list of those that have one', async () => {
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

  it('is 422 for an unknown version, for a private model’s, and for a name that its version does not have', async () => {
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

  it('is 413 for a body over the cap, 415 for another type, and the connection lives on', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    expect((await post(wallet.key, flux, { input: { prompt: 'x'.repeat(5_000_000) } })).status).toBe(413);
    expect((await post(wallet.key, flux, prompt, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(wallet.key, flux, prompt)).status).toBe(201);
  });

  it('is Replicate’s own refusal where Replicate refuses, and costs nothing', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const answer = await post(wallet.key, flux, { input: { prompt: 7 } });
    expect(answer).toMatchObject({ status: 422, body: { title: 'Input validation failed' } });
    expect(await runsOf(wallet)).toMatchObject([{ state: 'voided', capturedNano: 0n }]);
    expect((await grantOf(wallet)).availableNano).toBe(10n * NANO_PER_USD);
  });

  it('keeps only version and input of the body', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const answer = await post(wallet.key, flux, { ...prompt, webhook_events_filter: ['start'], deadline: '1s', version: 'f'.repeat(64) });
    expect(answer.status).toBe(201);
  });
});

describe('credit', () => {
  it('is 402 in Replicate’s shape when no grant holds the bound, and for a wallet without any', async () => {
    const wallet = await aWallet(market, { usd: 0.01 });
    expect(await post(wallet.key, flux, { input: { prompt: 'x', num_outputs: 4 } })).toMatchObject({
      status: 402,
      body: { title: 'Insufficient credit', status: 402 },
    });
    const empty = await mintAccessKey(wallet.buyer, { name: 'second' });
    expect((await post(empty.text ?? '', flux, prompt)).status).toBe(201);
    await expect(
      officialClient(gateway, wallet.key).run('black-forest-labs/flux-1.1-pro', { input: { prompt: 'x' } }),
    ).rejects.toMatchObject({ response: { status: 402 } });
  });

  it('bounds a timed run by what is left, with a shorter Cancel-After', async () => {
    const wallet = await aWallet(market, { usd: 0.1 });
    const answer = await post(wallet.key, '/predictions', { ...prompt, version: 'stability-ai/sdxl' });
    expect(answer.status).toBe(201);
    const [run] = await runsOf(wallet);
    expect(run?.authorizedNano).toBe(100_000_000n);
    const seconds = (Date.parse(String(answer.body.deadline)) - Date.parse(String(answer.body.created_at))) / 1_000;
    expect(seconds).toBe(92);
  });
});

describe('answers that are lost on the way', () => {
  it('from Replicate: the authorization stays, the reconciler finds the prediction by our webhook, and it is paid once', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.setWebhooks({ mode: 'drop' });
    market.replicate.control.addBehaviour({ kind: 'accept_then_reset', on: 'create', username: wallet.lot.username, times: 1 });
    expect((await post(wallet.key, flux, prompt)).status).toBe(502);
    expect(await runsOf(wallet)).toMatchObject([{ state: 'unknown', upstreamId: null }]);
    expect((await grantOf(wallet)).authorizedNano).toBe(3_000_000n);
    market.advance(3_000);
    await reconcile();
    expect(await runsOf(wallet)).toMatchObject([{ state: 'captured', capturedNano: 3_000_000n }]);
    market.replicate.control.setWebhooks({ mode: 'normal' });
    await expectInvariants(market);
  });

  it('from Replicate, without webhooks: found by model, input and time', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const silent = await serveGateway(market, { hooks: false });
    market.replicate.control.addBehaviour({ kind: 'accept_then_reset', on: 'create', username: wallet.lot.username, times: 1 });
    const headers = { authorization: `Bearer ${wallet.key}`, 'content-type': 'application/json' };
    expect(
      (await fetch(`${silent.url}${flux}`, { method: 'POST', headers, body: JSON.stringify({ input: { num_outputs: 2, prompt: 'y' } }) }))
        .status,
    ).toBe(502);
    market.advance(3_000);
    await reconcileRuns(market.system());
    expect(await runsOf(wallet)).toMatchObject([{ state: 'captured', capturedNano: 6_000_000n }]);
    await silent.close();
  });

  it('from Replicate, before it was done: nothing is given back before deadline and an hour', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.addBehaviour({ kind: 'drop_before', on: 'create', username: wallet.lot.username, times: 1 });
    expect((await post(wallet.key, flux, prompt)).status).toBe(502);
    for (const hours of [0.5, 0.7]) {
      market.advance(hours * HOUR_MS);
      await reconcile();
      expect(await runsOf(wallet)).toMatchObject([{ state: 'unknown' }]);
    }
    market.advance(0.2 * HOUR_MS);
    await reconcile();
    expect(await runsOf(wallet)).toMatchObject([{ state: 'voided' }]);
    expect((await grantOf(wallet)).availableNano).toBe(10n * NANO_PER_USD);
  });

  it('to the client: the same body of the same key within 10 s gets the same run', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const body = { input: { prompt: randomUUID() } };
    const abort = new AbortController();
    const first = fetch(`${gateway.url}${flux}`, {
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
    expect(await runsOf(wallet)).toHaveLength(1);
    expect(market.replicate.control.predictions(wallet.lot.username)).toHaveLength(1);
    expect((await post(wallet.key, flux, body)).status).toBe(201);
    expect(await runsOf(wallet)).toHaveLength(2);
    market.replicate.control.clearBehaviours();
  });

  it('with an Idempotency-Key: one run for ever, refused for another body, and two at once make one', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 4 }, () => post(wallet.key, flux, prompt, headers)));
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const again = await post(wallet.key, flux, prompt, headers);
    expect(again.status).toBe(201);
    expect(answers.filter(({ status }) => status === 201).every(({ body }) => body.id === again.body.id)).toBe(true);
    expect(await runsOf(wallet)).toHaveLength(1);
    expect((await post(wallet.key, flux, { input: { prompt: 'other' } }, headers)).status).toBe(422);
  });
});

describe('trouble at Replicate', () => {
  it('is 503 and costs nothing when nothing could be sent', async () => {
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
    const answer = await fetch(`${cut.url}${flux}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${wallet.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(prompt),
    });
    expect(answer.status).toBe(503);
    expect((await runsOf(wallet)).filter((run) => run.state === 'voided').length).toBeGreaterThan(0);
    expect((await grantOf(wallet)).authorizedNano).toBeLessThanOrEqual(3_000_000n);
    await cut.close();
  });

  it('is 429 with Retry-After when Replicate throttles, and the lot stays on', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.addBehaviour({ kind: 'http_429', on: 'create', username: wallet.lot.username, times: 1 });
    const answer = await post(wallet.key, flux, prompt);
    expect(answer).toMatchObject({ status: 429, body: { detail: expect.stringContaining('throttled') as string } });
    expect(answer.headers.get('retry-after')).not.toBeNull();
    expect(await grantOf(wallet)).toMatchObject({ state: 'open', authorizedNano: 0n });
  });
});

function unreachable(port: typeof market.services.ports.replicateRuns): typeof port {
  return { ...port, create: () => Promise.resolve({ kind: 'not_sent', detail: 'ECONNREFUSED' }) };
}

describe('addresses for Replicate’s webhooks', () => {
  it('are believed only with their own mac, and what they say is fetched, not believed', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    market.replicate.control.setWebhooks({ mode: 'drop' });
    market.replicate.control.addBehaviour({ kind: 'hang', on: 'create', username: wallet.lot.username, times: 1 });
    const created = await post(wallet.key, flux, prompt);
    const [run] = await runsOf(wallet);
    const url = hooksAt(market, gateway.origin).urlOf(run?.id ?? '') ?? '';
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
    expect(await runsOf(wallet)).toMatchObject([{ state: 'authorized' }]);
    market.replicate.control.setWebhooks({ mode: 'normal' });
  });
});
