import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { policies } from '~db/schema';
import { marketChannel } from '~/modules/listings/index.server';
import { readEnv } from '~/platform/env';
import { createServices, type Services } from '~/services.server';
import { testBrowser } from '~tests/setup/browser';
import { startStack, type Stack } from '~tests/setup/stack';
import { freePort } from '../../scripts/postgres.mjs';
import { startProcess, untilHealthy } from '../../scripts/children.mjs';
import { account, signUp } from './journeys';

const MINUTE = '60000';
let stack: Stack;
let other: ReturnType<typeof startProcess>;
let otherUrl: string;
let otherMetrics: string;
let services: Services;
const browser = testBrowser();

beforeAll(async () => {
  stack = await startStack({ PAGE_CACHE_MS: MINUTE });
  const [port, metricsPort] = [await freePort(), await freePort()];
  otherUrl = `http://127.0.0.1:${port}`;
  otherMetrics = `http://127.0.0.1:${metricsPort}/metrics`;
  const { PATH = '' } = process.env;
  other = startProcess({
    name: 'server',
    env: { PATH, ...stack.env, PORT: String(port), METRICS_PORT: String(metricsPort), ROLE: 'web' },
    logs: `${stack.env.DATA_DIR}/other`,
  });
  await untilHealthy(other, `${otherUrl}/readyz`);
  services = await createServices(readEnv(stack.env));
});
afterAll(async () => {
  await services.close();
  await other.stop();
  await stack.stop();
});

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** The raw answer without decompression, from one process, since each process has its own cache. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET', origin = stack.webUrl): Promise<Answer> {
  return new Promise((done, fail) => {
    request(origin + path, { method, headers }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () =>
        done({
          status: res.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(res.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(parts),
        }),
      );
    })
      .on('error', fail)
      .end();
  });
}

/** The cache metrics of the other process. */
async function outcomes(): Promise<{ hit: number; made: number }> {
  const text = await (await fetch(otherMetrics)).text();
  const of = (outcome: string) => Number(new RegExp(`credit_mart_page_memory_total\\{outcome="${outcome}".*\\} (\\d+)`).exec(text)?.[1]);
  return { hit: of('hit'), made: of('made') };
}

const policyNonce = ({ headers }: Answer) => /'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1] ?? '';
const pages = ['/', '/listings', '/listings?discount=40', '/how-it-works', '/docs/gateway', '/terms', '/privacy'];

describe('a cached public page', () => {
  it.each(pages)('%s is sent identically each time, compressed or not, under its own policy', async (path) => {
    const first = await get(path);
    const again = [
      await get(path),
      await get(path, { 'Accept-Encoding': 'gzip, deflate, br' }),
      await get(path, { 'Accept-Encoding': 'gzip' }),
    ];
    const nonces = [first, ...again].map((answer) => {
      const page = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(answer.body).toString() : answer.body.toString();
      expect(page).toBe(first.body.toString());
      expect(page).not.toContain('nonce');
      return policyNonce(answer);
    });
    expect(new Set(nonces).size).toBe(4);
    expect(again.map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'gzip', 'gzip']);
    expect(new Set(again.map(({ headers }) => headers.etag))).toEqual(new Set([first.headers.etag]));
  });

  it('has the same headers as the first time, and a new request id', async () => {
    const [first, again] = [await get('/listings?discount=45'), await get('/listings?discount=45')];
    const fixed = (
      { headers: { date: _date, 'x-request-id': _id, 'content-security-policy': policy = '', ...rest } }: Answer,
      own: string,
    ) => ({
      ...rest,
      policy: policy.replace(own, ''),
    });
    expect(fixed(again, policyNonce(again))).toEqual(fixed(first, policyNonce(first)));
    expect(again.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
    expect(again.headers).toMatchObject({
      vary: 'Accept-Encoding, Cookie',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
  });

  it('is 304 for a browser that has it, without a new policy, whose nonce would not match the old page', async () => {
    const { headers } = await get('/listings');
    const answer = await get('/listings', { 'If-None-Match': `"other", ${headers.etag}` });
    expect(answer.status).toBe(304);
    expect(answer.body.length).toBe(0);
    expect(answer.headers.etag).toBe(headers.etag);
    expect(answer.headers['content-security-policy']).toBeUndefined();
    expect((await get('/listings', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('has the same ETag when rendered again with the same content', async () => {
    const fetchEtag = async () => (await get('/terms', {}, 'GET', otherUrl)).headers.etag;
    // A page shows the minute, so a new minute gives another page; the next try starts in it.
    const sameAgain = async () => {
      const [before, { made }] = [await fetchEtag(), await outcomes()];
      await services.db.execute(sql`select pg_notify(${marketChannel}, '')`);
      await vi.waitFor(async () => expect([await fetchEtag(), (await outcomes()).made]).toEqual([before, made + 1]), { timeout: 1_500 });
    };
    await vi.waitFor(sameAgain, { timeout: 10_000 });
    const { hit } = await outcomes();
    await fetchEtag();
    expect((await outcomes()).hit).toBe(hit + 1);
  });

  it('shows no console message when a browser reloads it', async () => {
    const page = await browser.open();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    for (let visit = 0; visit < 2; visit += 1) {
      await page.goto(`${stack.baseUrl}/terms`, { waitUntil: 'networkidle' });
      expect(await page.getByRole('main').isVisible()).toBe(true);
    }
    expect(said).toEqual([]);
  });

  it('answers HEAD with the headers only', async () => {
    const [whole, head] = [await get('/terms'), await get('/terms', {}, 'HEAD')];
    expect(head.status).toBe(200);
    expect(head.body.length).toBe(0);
    expect(head.headers['content-length']).toBe(String(whole.body.length));
  });

  it('ignores query parameters that the page does not read', async () => {
    const [plain, decorated] = [await get('/terms'), await get('/terms?utm_source=mail&x=1')];
    expect(decorated.headers.etag).toBe(plain.headers.etag);
  });

  it('excludes pages that are not found and pages made by an error', async () => {
    const path = `/listings/lst_${'0'.repeat(32)}`;
    expect([await get(path), await get(path)].map(({ status, headers }) => [status, headers.etag])).toEqual([
      [404, undefined],
      [404, undefined],
    ]);
    expect((await get('/listings?discount=no')).status).toBe(422);
  });
});

describe('a visitor', () => {
  it('never gets a page of a signed-in person, nor the other way round', async () => {
    const page = await browser.open();
    await signUp(stack, page, account('Nora Quill'));
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    for (const path of [...pages, '/api/v1/listings']) {
      const [own, visitors, ownAgain] = [await get(path, { Cookie: cookie }), await get(path), await get(path, { Cookie: cookie })];
      expect(visitors.body.toString()).not.toContain('Nora Quill');
      if (path.startsWith('/api')) continue;
      expect([own, ownAgain].map(({ body }) => body.toString().includes('Nora Quill'))).toEqual([true, true]);
      expect([own, ownAgain].map(({ headers }) => [headers.etag, headers['cache-control']])).toEqual(
        Array(2).fill([undefined, 'no-store']),
      );
    }
  });

  it('gets the theme that this visitor chose', async () => {
    const chosen = `theme=${encodeURIComponent(Buffer.from('"dark"').toString('base64'))}`;
    expect((await get('/terms', { Cookie: chosen })).body.toString()).toMatch(/<html[^>]*data-theme="dark"/);
    expect((await get('/terms')).body.toString()).not.toMatch(/<html[^>]*data-theme/);
  });
});

describe('a change in one process', () => {
  it('appears in the other process at once', async () => {
    const pageOfOther = async () => (await get('/terms', {}, 'GET', otherUrl)).body.toString();
    expect(await pageOfOther()).toContain('Policy 1');
    const [opening] = await services.db.select().from(policies);
    if (!opening) throw new Error('The market has opened.');
    await services.db.insert(policies).values({ ...opening, version: 2, note: 'Another version.', validFrom: services.clock.now() });
    await vi.waitFor(async () => expect(await pageOfOther()).toContain('Policy 2'), { timeout: 1_500, interval: 20 });
  });
});
