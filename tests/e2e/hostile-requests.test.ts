import { describe, expect, it } from 'vitest';
import { httpLimits, httpServer } from '~/web/http-server';
import { expectInvariants } from '~tests/setup/invariants';
import { expectDefined, hostileMarket } from './hostile/hostile-market';
import { raw, request } from './hostile/raw';
import { serveMarket } from './isolation/serve';

/** Requests that no browser sends: too large, too slow, malformed, with unknown methods. */
const hostile = hostileMarket();
const { get, market, post, say } = hostile;

describe('size and time limits', () => {
  it('have their documented values', () => {
    const { headersTimeout, requestTimeout } = hostile.served.server;
    expect({ headersTimeout, requestTimeout }).toEqual({ headersTimeout: 15_000, requestTimeout: 60_000 });
  });

  it('answer more than 16 kB of headers with 431', async () => {
    expect((await get('/', `X-Long: ${'x'.repeat(httpLimits.maxHeaderSize)}`)).status).toBe(431);
    expect((await get(`/${'a'.repeat(httpLimits.maxHeaderSize)}`)).status).toBe(431);
  });

  it.each([
    ['a form', '/signin', 65_537, {}],
    ['a prediction', '/gateway/replicate/v1/predictions', 4 * 1024 * 1024 + 1, { 'Content-Type': 'application/json' }],
    ['an event', '/webhooks/stripe', 256 * 1024 + 1, { 'Content-Type': 'application/json' }],
  ])('refuse %s over its cap with 413 before it is sent', async (_what, path, bytes, headers) => {
    const length = { 'Content-Length': String(bytes), Authorization: `Bearer ${hostile.key}` };
    expect((await post(path, '', { ...headers, ...length })).status).toBe(413);
  });

  it('cut off a body without a length once it passes its cap', async () => {
    const chunk = `${(64 * 1024).toString(16)}\r\n${'x'.repeat(64 * 1024)}\r\n`;
    const head = (path: string) =>
      request([
        `POST ${path} HTTP/1.1`,
        'Host: a',
        `Authorization: Bearer ${hostile.key}`,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      ]);
    expect((await say(head('/signin') + chunk)).status).toBe(411);
    expect((await say(head('/webhooks/stripe') + chunk)).status).toBe(411);
    expect((await say(head('/gateway/replicate/v1/predictions') + chunk.repeat(65))).status).toBe(413);
  });

  it('disconnect a client that is too slow', async () => {
    const hasty = await serveMarket(market, (app) =>
      httpServer(app, { ...httpLimits, headersTimeout: 200, requestTimeout: 500, connectionsCheckingInterval: 50 }),
    );
    const slow = await Promise.all([
      raw(hasty.port, 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ', 5_000),
      raw(
        hasty.port,
        'POST /signin HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nemail=',
        5_000,
      ),
      raw(hasty.port, 'POST /webhooks/stripe HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{', 5_000),
    ]);
    expect(slow.map(({ status }) => status)).toEqual([408, 408, 408]);
    expect(hasty.errors).toEqual([]);
    await hasty.close();
  });
});

describe('malformed requests', () => {
  it.each([
    [
      'a length and chunks together',
      ['POST /signin HTTP/1.1', 'Host: a', 'Content-Length: 5', 'Transfer-Encoding: chunked'],
      '0\r\n\r\n',
      400,
    ],
    ['two lengths', ['POST /signin HTTP/1.1', 'Host: a', 'Content-Length: 5', 'Content-Length: 6'], 'a=1&b', 400],
    ['a length that is none', ['POST /signin HTTP/1.1', 'Host: a', 'Content-Length: -5'], '', 400],
    ['no Host', ['GET / HTTP/1.1'], '', 400],
    ['no Host in the old way', ['GET / HTTP/1.0'], '', 200],
    ['a Host that is none', ['GET /how-it-works?a HTTP/1.1', 'Host: [::x y'], '', 200],
    ['an address with a host', ['GET http://evil.example/ HTTP/1.1', 'Host: market.test'], '', 400],
    ['a star', ['OPTIONS * HTTP/1.1', 'Host: market.test'], '', 400],
    ['bytes that are no text', ['GET /\xff\xfe HTTP/1.1', 'Host: market.test'], '', 400],
    ['a method that nobody knows', ['BREW / HTTP/1.1', 'Host: market.test'], '', 400],
    ['something else', ['\x16\x03\x01\x02'], '', 400],
  ])('%s', async (what, lines, body, status) => {
    const answer = await say(request(lines, body));
    expectDefined(answer, what);
    expect(answer.status, what).toBe(status);
  });

  it.each(['TRACE', 'PROPFIND', 'PUT', 'DELETE', 'PATCH', 'CONNECT', 'LINK'])('%s is not allowed anywhere', async (method) => {
    for (const path of [
      '/',
      '/listings',
      '/assets/x.js',
      '/api/v1/listings',
      '/webhooks/stripe',
      '/healthz',
      '/gateway/replicate/v1/account',
    ]) {
      const { status } = await say(request([`${method} ${path} HTTP/1.1`, 'Host: market.test', `Cookie: ${hostile.cookies.person}`]), 500);
      // Node closes the connection on CONNECT.
      expect(method === 'CONNECT' ? [0] : [400, 401, 403, 404, 405], `${method} ${path}: ${status}`).toContain(status);
    }
  });

  it.each(['HEAD', 'OPTIONS'])('%s is answered everywhere and changes nothing', async (method) => {
    for (const path of [
      '/',
      '/listings',
      '/signin',
      '/signout',
      '/wallet',
      '/api/v1/listings',
      '/webhooks/stripe',
      '/gateway/replicate/v1/account',
      '/healthz',
      '/favicon.svg',
    ]) {
      const answer = await say(request([`${method} ${path} HTTP/1.1`, 'Host: market.test', `Cookie: ${hostile.cookies.person}`]));
      expectDefined(answer, `${method} ${path}`);
      if (method === 'HEAD') expect(answer.body, path).toBe('');
      expect(answer.head, path).not.toMatch(/access-control/i);
    }
    expect((await get('/settings', `Cookie: ${hostile.cookies.person}`)).status, 'HEAD /signout signed nobody out').toBe(200);
  });
});

describe('afterwards', () => {
  it('the invariants hold', () => expectInvariants(market));
});
