import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createWatch } from '~/platform/watch';
import { ResponseCache, findRecording, sendAndCache } from './response-cache';
import { newNonce } from '~/web/middleware/security-headers';

let cache: ResponseCache;
let server: Server;
let origin: string;
let made: string[];

/** A site whose terms carry a script, and whose other pages carry none. */
beforeAll(async () => {
  server = createServer((req, res) =>
    cache.serve(req, res, () => {
      made.push(req.url ?? '');
      const nonce = newNonce();
      res.setHeader('Content-Security-Policy', `script-src 'nonce-${nonce}'`);
      const page = Buffer.from(req.url === '/terms' ? `<script nonce="${nonce}"></script>` : '<p>For all.</p>');
      const recording = findRecording(res);
      if (!recording || !sendAndCache(req, res, recording, page, nonce)) res.end(page);
    }),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));
beforeEach(() => {
  made = [];
  cache = new ResponseCache({ env: { pageCacheMs: 60_000 }, ports: { marketWatch: createWatch() } });
});

async function get(path: string): Promise<{ page: string; nonce: string }> {
  const answer = await fetch(origin + path);
  const [, nonce = ''] = /'nonce-(.{24})'/.exec(answer.headers.get('Content-Security-Policy') ?? '') ?? [];
  return { page: await answer.text(), nonce };
}

it('caches a page and sends it with another nonce', async () => {
  const [first, again] = [await get('/'), await get('/')];
  expect(made).toEqual(['/']);
  expect(again.page).toBe(first.page);
  expect(again.nonce).toHaveLength(24);
  expect(again.nonce).not.toBe(first.nonce);
});

it('does not cache a page that holds its nonce', async () => {
  const [first, again] = [await get('/terms'), await get('/terms')];
  expect(made).toEqual(['/terms', '/terms']);
  for (const { page, nonce } of [first, again]) expect(page).toContain(`nonce="${nonce}"`);
});

it('counts hits, cached renderings and requests passed on', async () => {
  for (const path of ['/', '/', '/', '/terms', '/signin']) await get(path);
  expect(cache.outcomes).toEqual({ hit: 2, made: 1, passed: 2 });
});
