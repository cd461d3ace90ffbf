import { describe, expect, it } from 'vitest';
import { mailOutbox, rateLimits } from '~db/schema';
import { expectInvariants } from '~tests/setup/invariants';
import { expectDefined, hostileMarket } from './hostile/hostile-market';
import { parameters } from './hostile/parameters';
import { request } from './hostile/raw';

/** URLs that the site never links to, and requests that lie about their origin or try to redirect elsewhere. */
const hostile = hostileMarket();
const { get, market, own, post, say } = hostile;

describe('URLs', () => {
  const up = [
    '../',
    '..%2f',
    '%2e%2e/',
    '%2e%2e%2f',
    '%252e%252e%252f',
    '..\\',
    '..%5c',
    '..%255c',
    '....//',
    '..;/',
    '%c0%ae%c0%ae/',
    '..%00/',
  ];

  it.each(up)('%s reaches no file', async (step) => {
    for (const from of ['/', '/assets/', '/fonts/', '/listings/', '/dev/mail/'])
      for (const file of ['package.json', 'etc/passwd', 'build/node/server.js', '.sources']) {
        const answer = await get(from + step.repeat(4) + file);
        expectDefined(answer, from + step + file);
        expect(answer.body).not.toMatch(/"dependencies"|root:|createServer/);
        expect([400, 404], `${from}${step}${file}: ${answer.status}`).toContain(answer.status);
      }
  });

  it.each(['/.sources', '/.env', '/.git/config', '/server/index.js', '/assets/', '/assets', '///etc/passwd', '/index.html'])(
    '%s is no file of ours',
    async (path) => {
      expect([400, 404]).toContain((await get(path)).status);
    },
  );

  it.each([
    `/listings/${'a'.repeat(8_000)}`,
    '/listings/lst_%00',
    `/listings/lst_${'0'.repeat(31)}g`,
    '/transactions/txn_%E0%A4',
    '/%zz',
    '/a%00b',
    '/checkout/..%2f..',
    `/admin/listings/${'%F0%9F%92%A9'.repeat(300)}`,
  ])('%s is not a page', async (path) => {
    for (const cookie of Object.values(hostile.cookies)) {
      const answer = await get(path, `Cookie: ${cookie}`);
      expectDefined(answer, path);
      expect([400, 404], `${answer.status}`).toContain(answer.status);
    }
  });

  it('parameters may be anything: NUL characters, lone surrogates, repeated, a thousand of them', async () => {
    const values = [
      '%00',
      '%ff',
      '%ED%A0%80',
      'a%00b',
      '%0d%0aX-Evil:%201',
      '9'.repeat(400),
      '-1',
      '1e309',
      'NaN',
      '__proto__',
      '%F0%9F%92%A9',
    ];
    const pages = [
      '/',
      '/listings',
      '/wallet',
      '/transactions',
      '/offers',
      '/sell',
      '/sell/offers',
      '/dev/mail',
      '/admin',
      '/admin/audit',
      '/admin/jobs',
      '/admin/policy',
      '/signin',
      '/verify',
      '/reset',
      '/settings',
      '/api/v1/listings',
    ];
    for (const page of pages)
      for (const value of values) {
        const query = parameters.map((name) => `${name}=${value}&${name}=${value}`).join('&');
        const answer = await get(`${page}?${query}`, `Cookie: ${hostile.cookies.admin}`);
        expectDefined(answer, `${page} with ${value.slice(0, 20)}`);
        expect(answer.head).not.toMatch(/^x-evil/im);
      }
  });
});

describe('forged headers', () => {
  const games = [
    ['Host: evil.example'],
    ['Host: market.test', 'X-Forwarded-Host: evil.example'],
    ['Host: market.test', 'X-Forwarded-Host: evil.example:99999', 'X-Forwarded-Proto: javascript'],
    ['Host: market.test', 'Forwarded: host=evil.example;proto=https', 'X-Original-URL: /admin', 'X-Rewrite-URL: /admin'],
  ];

  it.each(games)('%s %s change nothing on a page', async (...headers) => {
    const answer = await say(request(['GET /wallet HTTP/1.1', ...headers]));
    expect(answer.status).toBe(302);
    expect(answer.head).toMatch(/^location: \/signin\?next=%2Fwallet/im);
    const page = await say(request(['GET /docs/gateway HTTP/1.1', ...headers]));
    expect(page.status).toBe(200);
    expect(page.head + page.body).not.toContain('evil.example');
    expect(page.body).toContain(own());
  });

  it.each(games)('%s %s do not change a link in a mail', async (...headers) => {
    const email = `host${Math.random().toString(36).slice(2)}@example.com`;
    const body = new URLSearchParams({ name: 'New', email, password: 'long enough now' }).toString();
    const form = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`];
    const answer = await say(request(['POST /signup HTTP/1.1', ...headers, `Origin: ${own()}`, ...form], body));
    expect(answer.status).toBe(302);
    const mails = (await market.services.db.select().from(mailOutbox)).filter((mail) => mail.recipient === email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain(`${own()}/verify?`);
    expect(mails.map((mail) => mail.text + mail.html).join()).not.toContain('evil.example');
  });

  it('a made-up client address gives no more attempts', async () => {
    await market.services.db.delete(rateLimits);
    const statuses: number[] = [];
    for (let i = 0; i < 21; i += 1) {
      const email = `nobody${i}@example.com`;
      statuses.push(
        (await post('/reset', `email=${encodeURIComponent(email)}`, { 'X-Forwarded-For': `203.0.113.${i}`, 'X-Real-IP': `203.0.113.${i}` }))
          .status,
      );
    }
    expect(statuses.slice(0, 20).every((status) => status === 302)).toBe(true);
    expect(statuses[20]).toBe(429);
    await market.services.db.delete(rateLimits);
  });
});

describe('the redirect after signing in', () => {
  const elsewhere = [
    'https://evil.example/',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/%09/evil.example\n',
    'javascript:alert(1)',
    'data:text/html,x',
    ' //evil.example',
    '/@evil.example\r\nSet-Cookie: evil=1',
    '/ok\r\n\r\n<script>',
    '%2f%2fevil.example',
    'market.test.evil.example',
  ];

  it.each(elsewhere)('does not lead to %j', async (next) => {
    const signIn = new URLSearchParams({ email: hostile.person.email, password: `password of ${hostile.person.email}` }).toString();
    const answers = [
      await post(`/signin?next=${encodeURIComponent(next)}`, signIn),
      await post('/theme', new URLSearchParams({ theme: 'dark', returnTo: next }).toString(), { Referer: 'https://evil.example/' }),
      await get(`/signin?next=${encodeURIComponent(next)}`, `Cookie: ${hostile.cookies.person}`),
    ];
    for (const { status, head } of answers) {
      expect(status).toBe(302);
      const location = /^location: ?(.*)$/im.exec(head)?.[1]?.trim() ?? '';
      expect(new URL(location, own()).origin, location).toBe(own());
      expect(head).not.toMatch(/^set-cookie: evil/im);
    }
  });
});

describe('afterwards', () => {
  it('the invariants hold', () => expectInvariants(market));
});
