import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPriceBook } from '~/modules/pricing/index.server';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { parameters } from './hostile/parameters';
import { makeCallers, type Callers } from './isolation/callers';
import { cookiesOfAll, gather, type Cast } from './isolation/cast';
import { fingerprints, type Fingerprint } from './isolation/fingerprint';
import { formRows } from './isolation/form-rows';
import { pagePaths } from './isolation/manifest';
import { roles, type Role } from './isolation/roles';
import { serveMarket, type ServedMarket } from './isolation/serve';

/** Random URLs, forms and calls. A failing run names its seed; FUZZ_SEED and FUZZ_RUNS repeat or extend it. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_122);
const runs = Number(process.env.FUZZ_RUNS ?? 300);
const market = testMarket();
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
let served: ServedMarket;
let cast: Cast;
let callers: Callers;
let cookies: Record<Role, string>;

beforeAll(async () => {
  served = await serveMarket(market);
  await importPriceBook(market.system());
  cast = await gather(market);
  callers = await makeCallers(cast, served.url);
  cookies = await cookiesOfAll(cast);
});
afterAll(async () => {
  agent.destroy();
  await served.close();
});

/** Sends one request on the open connection with a URL that no library normalizes. Returns the status. */
function ask(method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string): Promise<number> {
  return new Promise((done, fail) => {
    const all = body === undefined ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
    const sent = request({ agent, port: served.port, host: '127.0.0.1', method, path, headers: all }, (answer) => {
      answer.resume();
      answer.on('end', () => done(answer.statusCode ?? 0));
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '',
    '\0',
    '0',
    '-1',
    '1e309',
    '../',
    '__proto__',
    'null',
    'lst_',
    "' or 1=1 --",
    '<script>',
    '\r\n',
    '2026-02-30',
    '9'.repeat(60),
  ),
);
/** A lone surrogate cannot be sent. */
const wellFormed = (text: string) => Buffer.from(text, 'utf8').toString('utf8');
const half = (text: string) => encodeURIComponent(wellFormed(text));
/** Encoded correctly, or only enough to be sent. */
const piece = fc.oneof(
  word.map(half),
  fc.string({
    unit: fc.constantFrom('%', '/', '.', ';', '\\', '0', 'a', '~', '[', ']', '"', '<', '|', '^', '{', '&', '=', '+'),
    maxLength: 20,
  }),
);
const role = fc.constantFrom(...roles);

const settings = (numRuns: number) => ({ seed, numRuns, interruptAfterTimeLimit: 12_000 });

it('no random URL breaks a page', async () => {
  const patterns = [...(await pagePaths()), '/api/v1/listings', '/assets/:file', '/gateway/:a', '/webhooks/:b', '/:a/:b/:c'];
  const address = fc.record({
    pattern: fc.constantFrom(...patterns),
    pieces: fc.array(piece, { minLength: 4, maxLength: 4 }),
    query: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...parameters, '__proto__'), piece), piece), { maxLength: 5 }),
    data: fc.boolean(),
    role,
  });
  await fc.assert(
    fc.asyncProperty(address, async ({ pattern, pieces, query, data, role }) => {
      let next = 0;
      const path = pattern.replace(/:\w+\??|\*/g, () => pieces[(next += 1)] ?? '') + (data ? '.data' : '');
      const target = `${path}${query.length > 0 ? '?' : ''}${query.map((pair) => pair.join('=')).join('&')}`;
      expect(await ask('GET', target, { Cookie: cookies[role] }), target).toBeLessThan(500);
    }),
    settings(runs),
  );
  expect(served.errors.map((line) => line.slice(0, 400))).toEqual([]);
});

it('no random form breaks its action', async () => {
  const posts = Object.values(formRows).flatMap((rows) => rows ?? []);
  const bodies = await Promise.all(posts.map(async (post) => post.body(cast, 'buyer')));
  const sentForm = fc.nat(posts.length - 1).chain((index) =>
    fc.record({
      index: fc.constant(index),
      role,
      // Each field is valid, missing, random or repeated.
      fields: fc.tuple(...Object.entries(bodies[index] ?? {}).map(([name, right]) => arbitraryField(name, right))),
      more: fc.array(fc.tuple(word, word), { maxLength: 3 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(sentForm, async ({ index, role, fields, more }) => {
      const post = posts[index];
      if (!post) return;
      const body = new URLSearchParams(
        [...fields.flat(), ...more].map(([name, value]) => [wellFormed(name), wellFormed(value)]),
      ).toString();
      const headers = { Cookie: cookies[role], Origin: market.services.env.publicUrl, 'Content-Type': 'application/x-www-form-urlencoded' };
      expect(await ask('POST', post.at(cast), headers, body), `${role} sends ${body} to ${post.at(cast)}`).toBeLessThan(500);
    }),
    settings(runs),
  );
  expect(served.errors.map((line) => line.slice(0, 400))).toEqual([]);
  await expectInvariants(market);
});

function arbitraryField(name: string, right: string): fc.Arbitrary<[string, string][]> {
  const one = (value: string): [string, string] => [name, value];
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<[string, string][]>([one(right)]) },
    fc.constant<[string, string][]>([]),
    word.map((value): [string, string][] => [one(value)]),
    fc.tuple(word, word).map(([first, second]): [string, string][] => [one(first), one(second)]),
  );
}

/** A create that Replicate refuses leaves a voided run and a counter of its key. */
function butRuns({ 'public.runs': _runs, 'public.access_keys': _keys, ...rest }: Fingerprint): Fingerprint {
  return rest;
}

describe('random API calls', () => {
  const gateway = '/gateway/replicate/v1';
  const json = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.object({ maxDepth: 3 }));
  const create = fc.record(
    {
      version: json,
      input: fc.oneof(json, fc.record({ num_outputs: json, prompt: fc.constantFrom(null, 1, false, [], {}) }, { requiredKeys: [] })),
      webhook: json,
      stream: json,
      webhook_events_filter: json,
    },
    { requiredKeys: [] },
  );

  it('predictions do not break the gateway and cost nothing', async () => {
    const marks = await fingerprints(market.services.db);
    const before = butRuns(await marks());
    const call = fc.record({
      body: fc.oneof(create, json).map((value) => JSON.stringify(value)),
      text: word,
      garbled: fc.nat(9),
      named: fc.boolean(),
      who: fc.constantFrom<Role[]>('buyer', 'other', 'suspended'),
    });
    await fc.assert(
      fc.asyncProperty(call, async ({ body, text, garbled, named, who }) => {
        const sent = garbled === 0 ? text : garbled === 1 ? body + text : body;
        const path = named ? `${gateway}/models/black-forest-labs/flux-schnell/predictions` : `${gateway}/predictions`;
        const status = await ask('POST', path, { ...callers.authorization(who), 'Content-Type': 'application/json' }, sent);
        expect(status, `${who}: ${sent}`).toBeLessThan(500);
        expect(status, `${who}: ${sent}`).toBeGreaterThanOrEqual(400);
      }),
      settings(runs),
    );
    expect(butRuns(await marks())).toEqual(before);
    expect(served.errors).toEqual([]);
  });

  it('Stripe events are never accepted', async () => {
    const marks = await fingerprints(market.services.db);
    const before = await marks();
    const event = fc.record({
      body: fc.oneof(
        json.map((value) => JSON.stringify(value)),
        word,
      ),
      signature: piece,
    });
    await fc.assert(
      fc.asyncProperty(event, async ({ body, signature }) => {
        const stripe = await ask('POST', '/webhooks/stripe', { 'Content-Type': 'application/json', 'Stripe-Signature': signature }, body);
        expect(stripe, body).toBe(400);
        const hook = await ask('POST', `/gateway/hooks/${callers.runId}/${'A'.repeat(43)}`, { 'Content-Type': 'application/json' }, body);
        expect(hook, body).toBe(404);
      }),
      settings(Math.ceil(runs / 2)),
    );
    expect(await marks()).toEqual(before);
    expect(served.errors).toEqual([]);
  });
});
