import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPriceBook } from '~/modules/pricing/index.server';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { ask, dataPath, expectAnswer, sendForm, describeAnswer } from './isolation/ask';
import { makeCallers, type Callers } from './isolation/callers';
import { cookiesOfAll, gather, type Cast } from './isolation/cast';
import { fingerprints, type Fingerprint } from './isolation/fingerprint';
import { formRows } from './isolation/form-rows';
import { machineRows } from './isolation/machine-rows';
import { mountedRoutes, pageRoutes, routesWithForms } from './isolation/manifest';
import { pageRows } from './isolation/page-rows';
import type { Post } from './isolation/post';
import { roles, type Role } from './isolation/roles';
import { serveMarket, type ServedMarket } from './isolation/serve';

/** Asks every route as every role, for the role's own objects and for others'. See tests/e2e/isolation/README.md for adding a route. */
const market = testMarket();
let served: ServedMarket;
let cast: Cast;
let callers: Callers;
let marks: () => Promise<Fingerprint>;
const warnings: string[] = [];

beforeAll(async () => {
  process.on('warning', (warning) => void warnings.push(String(warning)));
  served = await serveMarket(market);
  await importPriceBook(market.system());
  cast = await gather(market);
  callers = await makeCallers(cast, served.url);
  marks = await fingerprints(market.services.db);
});
afterAll(() => served.close());

describe('the isolation matrix', () => {
  it('has every page and every form of the manifest, and no others', async () => {
    const routes = await pageRoutes();
    expect(Object.keys(pageRows).sort()).toEqual(routes);
    expect(Object.keys(formRows).sort()).toEqual(routes);
    const withForms = Object.entries(formRows).flatMap(([id, rows]) => (rows ? [id] : []));
    expect(withForms.sort()).toEqual((await routesWithForms()).sort());
  });

  it('has every route that is mounted beside the pages, and no others', () => {
    const mounted = mountedRoutes(served.app).filter((route) => route !== 'all *');
    expect(Object.keys(machineRows).sort()).toEqual([...new Set(mounted)].sort());
  });
});

describe('pages', () => {
  it.each(Object.keys(pageRows))('%s', async (id) => {
    const cookies = await cookiesOfAll(cast);
    const before = await marks();
    for (const { what, gets, ...row } of pageRows[id] ?? []) {
      const path = row.at(cast);
      await Promise.all(
        roles.map(async (role) => {
          const headers = { Cookie: cookies[role] };
          const [page, loaded] = await Promise.all([ask(served.url + path, { headers }), ask(served.url + dataPath(path), { headers })]);
          expectAnswer(page, gets[role], `${role} looks at ${what} (${path})`);
          // A page's loaders can be asked for their data only; there a redirect is a 202.
          expect(loaded.status, `${role} loads the data of ${what} (${path})`).toBe(page.location === null ? page.status : 202);
          if (id !== 'routes/dev.mail/route') expect(ofOthersIn(page.body + loaded.body, role), `${role} reads on ${path}`).toEqual([]);
        }),
      );
    }
    expect(await marks(), 'looking changes nothing').toEqual(before);
  });
});

/** Other people's addresses and keys found in an answer; admins may see addresses. */
function ofOthersIn(body: string, role: Role): string[] {
  const { people, buyerTwo, sellerTwo, own, two } = cast;
  const everybody = [...Object.values(people), buyerTwo, sellerTwo].map(({ email }) => email);
  const addresses = role === 'admin' ? [] : everybody.filter((email) => role === 'anonymous' || email !== people[role].email);
  const keys = [two.key.text, role === 'buyer' ? null : own.key.text].filter((text) => text !== null);
  return [...addresses, ...keys].filter((text) => body.includes(text));
}

describe('forms', () => {
  const posts = Object.entries(formRows).flatMap(([id, rows]) => (rows ?? []).map((post) => [`${id}: ${post.what}`, post] as const));

  it.each(posts)('%s', async (_name, post) => {
    const cookies = await cookiesOfAll(cast);
    const bodies = Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await post.body(cast, role)] as const)));
    // Roles without the right go first, so that the object is still there for the role that may use it.
    let before = await marks();
    for (const role of [...roles].sort((a, b) => rank(post, a) - rank(post, b)))
      before = await act(post, role, { cookie: cookies[role], body: bodies[role] ?? {}, before });
  });

  it.each(Object.entries(formRows).flatMap(([id, rows]) => (rows ? [] : [id])))('%s has no form', async (id) => {
    const cookies = await cookiesOfAll(cast);
    const before = await marks();
    const path = pageRows[id]?.[0]?.at(cast) ?? '';
    for (const role of roles)
      expect((await sendForm(served.url + path, { a: '1' }, { Cookie: cookies[role], Origin: ownOrigin() })).status, role).toBe(405);
    expect(await marks()).toEqual(before);
  });
});

const ownOrigin = () => market.services.env.publicUrl;
const rank = (post: Post, role: Role) => (post.gets[role] === 'done' ? 1 : 0);

/** Posts a form as another site would, which changes nothing, then as our page does. Returns the database's fingerprint after. */
async function act(
  post: Post,
  role: Role,
  { cookie, body, before }: { cookie: string; body: Record<string, string>; before: Fingerprint },
) {
  const [url, wanted] = [served.url + post.at(cast), post.gets[role]];
  const does = wanted === 'done' && !post.keeps;
  for (const headers of fromElsewhere(cookie)) {
    const refused = await sendForm(url, body, headers);
    expect(refused.status, `${role}, ${post.what}, sent by ${headers.Origin ?? 'nobody knows whom'}`).toBe(403);
  }
  if (does) expect(await marks(), `${role}, ${post.what}: a form of another site does nothing`).toEqual(before);
  const asked = await sendForm(url, body, { Cookie: cookie, Origin: ownOrigin() });
  expectAnswer(asked, wanted, `${role}, ${post.what}`);
  const after = await marks();
  if (does) expect(after, `${role}, ${post.what}: something is done`).not.toEqual(before);
  else expect(after, `${role}, ${post.what}: nothing is done (${describeAnswer(asked)})`).toEqual(before);
  return after;
}

/** The headers that a browser adds to a form on another site. */
function fromElsewhere(cookie: string): Record<string, string>[] {
  const evil = { Cookie: cookie, Origin: 'https://evil.example' };
  return cookie === '' ? [evil] : [evil, { Cookie: cookie }, { Cookie: cookie, Origin: 'null' }];
}

describe('API routes', () => {
  const calls = Object.entries(machineRows).flatMap(([id, rows]) =>
    rows.map((call) => [`${id}: ${call.method} with a ${call.as}, ${call.what}`, call] as const),
  );

  it.each(calls)('%s', async (_name, call) => {
    const cookies = await cookiesOfAll(cast);
    const path = call.path(callers);
    for (const role of roles) {
      const before = await marks();
      const asked = await ask(served.url + path, {
        method: call.method,
        headers: {
          'Content-Type': 'application/json',
          ...(call.as === 'cookie' ? { Cookie: cookies[role] } : callers.authorization(role)),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      expectAnswer(asked, call.gets[role], `${role} calls ${path}`);
      if (call.gets[role] !== 'done' && call.gets[role] !== 'page') expect(await marks(), `${role}: nothing is done`).toEqual(before);
    }
  });
});

describe('afterwards', () => {
  it('nothing broke, in the log or in the invariants', async () => {
    expect(served.errors.map((line) => line.slice(0, 400))).toEqual([]);
    expect(warnings.filter((warning) => warning.includes('listeners'))).toEqual([]);
    await expectInvariants(market);
  });
});
