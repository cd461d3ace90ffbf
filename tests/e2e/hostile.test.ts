import type { Express } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mailOutbox, rateLimits } from '~db/schema';
import { mintAccessKey } from '~/modules/metering/index.server';
import { httpLimits, httpServer } from '~/web/http-server';
import { aPerson, anAdmin, type Person } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raw, request, type RawAnswer } from './hostile/raw';
import { serveMarket, type ServedMarket } from './isolation/serve';
import { startSignIn } from '~/modules/accounts/index.server';

/** What no browser sends. Each gets a defined answer: no 5xx, no stack, and not a line in the log that says something broke. */
const market = testMarket();
let served: ServedMarket;
let person: Person;
let cookies: { person: string; admin: string };
let key: string;

beforeAll(async () => {
  served = await serveMarket(market);
  person = await aPerson(market);
  const cookieOf = async ({ id }: Person) => (await startSignIn(market.system(), id, null)).split(';')[0] ?? '';
  cookies = { person: await cookieOf(person), admin: await cookieOf(await anAdmin(market)) };
  key = (await mintAccessKey(person.ctx(), { name: 'hostile', cap: '' })).text ?? '';
});
afterAll(() => served.close());
afterEach(() => {
  expect(served.errors.splice(0).map((line) => line.slice(0, 500))).toEqual([]);
});

const own = () => market.services.env.publicUrl;
const say = (bytes: string | Buffer, quietMs?: number) => raw(served.port, bytes, quietMs);
const get = (target: string, ...headers: string[]) => say(request([`GET ${target} HTTP/1.1`, 'Host: market.test', ...headers]));

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const all = {
    Host: 'market.test',
    Origin: own(),
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(Buffer.byteLength(body, 'latin1')),
    ...headers,
  };
  return say(request([`POST ${path} HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`)], body));
}

const callGateway = (body: string, headers: Record<string, string> = {}, path = '/gateway/replicate/v1/predictions') =>
  post(path, body, { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers });

/** It was answered, by a refusal or not, and tells nothing of how we are built. */
function expectDefined(answer: RawAnswer, what: string): void {
  expect(answer.status, `${what} is answered`).toBeGreaterThanOrEqual(200);
  expect(answer.status, what).toBeLessThan(500);
  expect(answer.body, what).not.toMatch(/node_modules|\n\s+at .*:\d+:\d+|SQLSTATE/);
}

describe('sizes and times', () => {
  it('are what we say', () => {
    const { headersTimeout, requestTimeout } = served.server;
    expect({ headersTimeout, requestTimeout }).toEqual({ headersTimeout: 15_000, requestTimeout: 60_000 });
  });

  it('more than 16 kB of headers are 431', async () => {
    expect((await get('/', `X-Long: ${'x'.repeat(httpLimits.maxHeaderSize)}`)).status).toBe(431);
    expect((await get(`/${'a'.repeat(httpLimits.maxHeaderSize)}`)).status).toBe(431);
  });

  it.each([
    ['a form', '/signin', 65_537, {}],
    ['a prediction', '/gateway/replicate/v1/predictions', 4 * 1024 * 1024 + 1, { 'Content-Type': 'application/json' }],
    ['an event', '/webhooks/stripe', 256 * 1024 + 1, { 'Content-Type': 'application/json' }],
  ])('%s over its cap is 413 before it is sent', async (_what, path, bytes, headers) => {
    const length = { 'Content-Length': String(bytes), Authorization: `Bearer ${key}` };
    expect((await post(path, '', { ...headers, ...length })).status).toBe(413);
  });

  it('a body that grows past its cap without having said so is cut off', async () => {
    const chunk = `${(64 * 1024).toString(16)}\r\n${'x'.repeat(64 * 1024)}\r\n`;
    const head = (path: string) =>
      request([
        `POST ${path} HTTP/1.1`,
        'Host: a',
        `Authorization: Bearer ${key}`,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      ]);
    expect((await say(head('/signin') + chunk)).status).toBe(411);
    expect((await say(head('/webhooks/stripe') + chunk)).status).toBe(411);
    expect((await say(head('/gateway/replicate/v1/predictions') + chunk.repeat(65))).status).toBe(413);
  });

  it('whoever is too slow is sent away', async () => {
    const hasty = await serveMarket(market, (app: Express) =>
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

describe('the request itself', () => {
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

  it.each(['TRACE', 'PROPFIND', 'PUT', 'DELETE', 'PATCH', 'CONNECT', 'LINK'])('%s is for nobody', async (method) => {
    for (const path of [
      '/',
      '/listings',
      '/assets/x.js',
      '/api/v1/listings',
      '/webhooks/stripe',
      '/healthz',
      '/gateway/replicate/v1/account',
    ]) {
      const { status } = await say(request([`${method} ${path} HTTP/1.1`, 'Host: market.test', `Cookie: ${cookies.person}`]), 500);
      // Node hangs up on CONNECT.
      expect(method === 'CONNECT' ? [0] : [400, 401, 403, 404, 405], `${method} ${path}: ${status}`).toContain(status);
    }
  });

  it.each(['HEAD', 'OPTIONS'])('%s is answered everywhere and does nothing', async (method) => {
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
      const answer = await say(request([`${method} ${path} HTTP/1.1`, 'Host: market.test', `Cookie: ${cookies.person}`]));
      expectDefined(answer, `${method} ${path}`);
      if (method === 'HEAD') expect(answer.body, path).toBe('');
      expect(answer.head, path).not.toMatch(/access-control/i);
    }
    expect((await get('/settings', `Cookie: ${cookies.person}`)).status, 'HEAD /signout signed nobody out').toBe(200);
  });
});

describe('addresses', () => {
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

  it.each(up)('%s leads nowhere', async (step) => {
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
  ])('%s is no page', async (path) => {
    for (const cookie of Object.values(cookies)) {
      const answer = await get(path, `Cookie: ${cookie}`);
      expectDefined(answer, path);
      expect([400, 404], `${answer.status}`).toContain(answer.status);
    }
  });

  it('parameters may be anything: zero characters, half characters, twice, a thousand times', async () => {
    const names = [
      'after',
      'before',
      'q',
      'sort',
      'discount',
      'amount',
      'edit',
      'revoke',
      'key',
      'to',
      'subject',
      'token',
      'next',
      'done',
      'saved',
      'ask',
      'client',
      'min',
      'max',
      '_routes',
    ];
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
        const query = names.map((name) => `${name}=${value}&${name}=${value}`).join('&');
        const answer = await get(`${page}?${query}`, `Cookie: ${cookies.admin}`);
        expectDefined(answer, `${page} with ${value.slice(0, 20)}`);
        expect(answer.head).not.toMatch(/^x-evil/im);
      }
  });
});

describe('who asks, and from where', () => {
  const games = [
    ['Host: evil.example'],
    ['Host: market.test', 'X-Forwarded-Host: evil.example'],
    ['Host: market.test', 'X-Forwarded-Host: evil.example:99999', 'X-Forwarded-Proto: javascript'],
    ['Host: market.test', 'Forwarded: host=evil.example;proto=https', 'X-Original-URL: /admin', 'X-Rewrite-URL: /admin'],
  ];

  it.each(games)('%s %s changes nothing on a page', async (...headers) => {
    const answer = await say(request(['GET /wallet HTTP/1.1', ...headers]));
    expect(answer.status).toBe(302);
    expect(answer.head).toMatch(/^location: \/signin\?next=%2Fwallet/im);
    const page = await say(request(['GET /docs/gateway HTTP/1.1', ...headers]));
    expect(page.status).toBe(200);
    expect(page.head + page.body).not.toContain('evil.example');
    expect(page.body).toContain(own());
  });

  it.each(games)('%s %s leads no mail astray', async (...headers) => {
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

  it('an address that a client makes up gets it no further attempts', async () => {
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

describe('where answers lead', () => {
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

  it.each(elsewhere)('not to %j', async (next) => {
    const signIn = new URLSearchParams({ email: person.email, password: `password of ${person.email}` }).toString();
    const answers = [
      await post(`/signin?next=${encodeURIComponent(next)}`, signIn),
      await post('/theme', new URLSearchParams({ theme: 'dark', returnTo: next }).toString(), { Referer: 'https://evil.example/' }),
      await get(`/signin?next=${encodeURIComponent(next)}`, `Cookie: ${cookies.person}`),
    ];
    for (const { status, head } of answers) {
      expect(status).toBe(302);
      const location = /^location: ?(.*)$/im.exec(head)?.[1]?.trim() ?? '';
      expect(new URL(location, own()).origin, location).toBe(own());
      expect(head).not.toMatch(/^set-cookie: evil/im);
    }
  });
});

describe('bodies', () => {
  it.each([
    ['JSON', 'application/json', '{"email":"a"}'],
    ['plain text', 'text/plain', 'email=a'],
    ['nothing', '', 'email=a'],
    ['parts without a boundary', 'multipart/form-data', 'x'],
    ['parts that never end', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na'],
    [
      'a file',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\na\r\n--x--\r\n',
    ],
  ])('a form as %s is refused', async (what, type, body) => {
    for (const path of ['/settings', '/wallet', '/sell/listings/new', '/theme']) {
      const answer = await post(path, body, { 'Content-Type': type, Cookie: cookies.person });
      expectDefined(answer, `${what} at ${path}`);
      if (path !== '/theme') expect([400, 415, 422], `${path}: ${answer.status}`).toContain(answer.status);
    }
  });

  const many = Array.from({ length: 10_000 }, (_, i) => `a${i % 7}=1`).join('&');
  it.each([
    ['10,000 items', many],
    ['10,000 times the same', Array.from({ length: 6_000 }, () => 'email=a').join('&')],
    ['an endless list', 'email[4294967294]=a&name[99999999]=b&email[1e9]=c'],
    ['a list of lists', `email${'[0]'.repeat(5_000)}=a`],
    ['a name without an end', `email${'.a'.repeat(10_000)}=a`],
    ['what objects are made of', '__proto__.x=1&constructor.prototype.y=1&__proto__[z]=1&toString=1&hasOwnProperty=1&intent=__proto__'],
    ['zero characters', 'intent=create&name=a%00b&email=%00&publicName=%00'],
    ['bytes that are no text', 'intent=create&name=%ff%fe&email=\xff\xfe&cap=%ED%A0%80'],
    ['a zero character in a name', 'na%00me=1&%00=2'],
    ['nothing', ''],
    ['only signs', '&&&===&=&%&%%%'],
  ])('%s in a form', async (what, body) => {
    for (const path of [
      '/signin',
      '/signup',
      '/reset',
      '/settings',
      '/wallet',
      '/sell/listings/new',
      '/offers',
      '/sell/offers',
      '/theme',
      '/verify',
    ]) {
      expectDefined(await post(path, body, { Cookie: cookies.person }), `${what} at ${path}`);
    }
    for (const path of ['/admin/policy']) expectDefined(await post(path, body, { Cookie: cookies.admin }), `${what} at ${path}`);
    expect('x' in {} || 'y' in {} || 'z' in {}, 'no prototype was touched').toBe(false);
  });

  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  it.each([
    ['no JSON', '{', {}, 422],
    ['another type', '{}', { 'Content-Type': 'text/plain' }, 415],
    ['no type', '{}', { 'Content-Type': '' }, 415],
    ['a list', '[]', {}, 422],
    ['a key twice', '{"version":"x","version":"y","input":{"prompt":"a"},"input":{}}', {}, 422],
    ['a prototype', '{"__proto__":{"version":"x"},"constructor":1,"input":{"__proto__":{}}}', {}, 422],
    ['a hundred thousand levels', `{"version":"x","input":{"a":${deep(100_000)}}}`, {}, 422],
    ['no text', '{"version":"\xff\xfe","input":{}}', {}, 422],
    ['half a character', '{"version":"\\ud800","input":{"prompt":"\\u0000"}}', {}, 422],
    ['numbers past all bounds', '{"version":1e999,"input":{"num_outputs":1e308}}', {}, 422],
  ])('a prediction of %s is refused', async (what, body, headers, status) => {
    const answer = await callGateway(body, headers);
    expectDefined(answer, what);
    expect(answer.status, answer.body.slice(0, 200)).toBe(status);
    expect(answer.head).toMatch(/^content-type: application\/problem\+json/im);
  });

  it.each([
    ['a hundred thousand levels', `{"input":{"prompt":"a","a":${deep(100_000)}}}`],
    ['a hundred thousand levels of objects', `{"input":{"prompt":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}}`],
    ['a zero character', '{"input":{"prompt":"a\\u0000b"},"webhook":"http://\\u0000"}'],
    ['half a character', '{"input":{"prompt":"\\ud800"}}'],
  ])('an input of %s', async (what, body) => {
    expectDefined(await callGateway(body, {}, '/gateway/replicate/v1/models/black-forest-labs/flux-schnell/predictions'), what);
  });

  it.each(['Idempotency-Key', 'Prefer', 'Cancel-After', 'Authorization', 'Stripe-Signature', 'Cookie'])(
    '%s may be anything',
    async (name) => {
      for (const value of [
        '\xff\xfe',
        'a'.repeat(8_000),
        '1e999',
        ',,,;;;===',
        'wait=-1',
        't=1,v1=%00',
        'sign_in=%00',
        'theme=eyJ',
        'browser="\\x00"',
      ]) {
        expectDefined(await callGateway('{"version":"x","input":{}}', { [name]: value }), `${name} at the gateway`);
        expectDefined(await post('/webhooks/stripe', '{}', { [name]: value }), `${name} at the webhook`);
        expectDefined(await get('/listings', `${name}: ${value}`), `${name} at a page`);
      }
    },
  );

  it('an event is nothing without its signature, whatever it says', async () => {
    for (const body of ['', '{', deep(100_000), '{"id":"evt_1"}', '\xff\xfe', '{"id":"\\u0000"}']) {
      for (const header of ['', 't=1,v1=a', `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`, 't=NaN', 'v1='])
        expect((await post('/webhooks/stripe', body, { 'Content-Type': 'application/json', 'Stripe-Signature': header })).status).toBe(400);
    }
    expect((await post('/webhooks/stripe', 'x', { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });
});

describe('afterwards', () => {
  it('the books are as they were', () => expectInvariants(market));
});
