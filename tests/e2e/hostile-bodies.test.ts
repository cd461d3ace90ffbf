import { describe, expect, it } from 'vitest';
import { expectInvariants } from '~tests/setup/invariants';
import { expectDefined, hostileMarket } from './hostile/hostile-market';

/** Bodies that none of our forms or clients send. */
const hostile = hostileMarket();
const { callGateway, get, market, post } = hostile;

describe('hostile bodies', () => {
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
      const answer = await post(path, body, { 'Content-Type': type, Cookie: hostile.cookies.person });
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
  ])('%s in a form gets a defined answer', async (what, body) => {
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
      expectDefined(await post(path, body, { Cookie: hostile.cookies.person }), `${what} at ${path}`);
    }
    for (const path of ['/admin/policy']) expectDefined(await post(path, body, { Cookie: hostile.cookies.admin }), `${what} at ${path}`);
    expect('x' in {} || 'y' in {} || 'z' in {}, 'no prototype was touched').toBe(false);
  });

  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  it.each([
    ['no JSON', '{', {}, 422],
    ['another type', '{}', { 'Content-Type': 'text/plain' }, 415],
    ['no type', '{}', { 'Content-Type': '' }, 422],
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
  ])('an input of %s gets a defined answer', async (what, body) => {
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

  it('a Stripe event without a valid signature is ignored, whatever it says', async () => {
    for (const body of ['', '{', deep(100_000), '{"id":"evt_1"}', '\xff\xfe', '{"id":"\\u0000"}']) {
      for (const header of ['', 't=1,v1=a', `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`, 't=NaN', 'v1='])
        expect((await post('/webhooks/stripe', body, { 'Content-Type': 'application/json', 'Stripe-Signature': header })).status).toBe(400);
    }
    expect((await post('/webhooks/stripe', 'x', { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });
});

describe('afterwards', () => {
  it('the invariants hold', () => expectInvariants(market));
});
