import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startSignIn } from '~/modules/accounts/index.server';
import { mintAccessKey } from '~/modules/metering/index.server';
import { aPerson, anAdmin, type Person } from '~tests/factories/market';
import { aGrant } from '~tests/factories/runs';
import { testMarket } from '~tests/setup/market';
import { serveMarket, type ServedMarket } from '../isolation/serve';
import { raw, request, type RawAnswer } from './raw';

/**
 * A market for requests that no browser sends, with a person, an admin and an access key. Each request gets a defined answer: no 5xx, no
 * stack, and no error in the log, which is checked after every test.
 */
export function hostileMarket() {
  const market = testMarket();
  let served: ServedMarket;
  let person: Person;
  let cookies: { person: string; admin: string };
  let key: string;

  beforeAll(async () => {
    served = await serveMarket(market);
    person = await aPerson(market);
    const toCookie = async ({ id }: Person) => (await startSignIn(market.system(), id, null)).split(';')[0] ?? '';
    cookies = { person: await toCookie(person), admin: await toCookie(await anAdmin(market)) };
    // A person without purchases is refused before a body is read.
    await aGrant(market, person.ctx(), { usd: 10 });
    key = (await mintAccessKey(person.ctx(), { name: 'hostile', cap: '' })).text ?? '';
  });
  afterAll(() => served.close());
  afterEach(() => {
    expect(served.errors.splice(0).map((line) => line.slice(0, 500))).toEqual([]);
  });

  const own = () => market.services.env.publicUrl;
  const say = (bytes: string | Buffer, quietMs?: number) => raw(served.port, bytes, quietMs);
  const get = (target: string, ...headers: string[]) => say(request([`GET ${target} HTTP/1.1`, 'Host: market.test', ...headers]));
  const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    say(buildPost(path, body, { Origin: own(), ...headers }));
  const callGateway = (body: string, headers: Record<string, string> = {}, path = '/gateway/replicate/v1/predictions') =>
    post(path, body, { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers });

  return {
    market,
    own,
    say,
    get,
    post,
    callGateway,
    get served() {
      return served;
    },
    get person() {
      return person;
    },
    get cookies() {
      return cookies;
    },
    get key() {
      return key;
    },
  };
}

function buildPost(path: string, body: string, headers: Record<string, string>) {
  const all = {
    Host: 'market.test',
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(Buffer.byteLength(body, 'latin1')),
    ...headers,
  };
  return request([`POST ${path} HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`)], body);
}

/** The request got an answer, which reveals no server details. */
export function expectDefined(answer: RawAnswer, what: string): void {
  expect(answer.status, `${what} is answered`).toBeGreaterThanOrEqual(200);
  expect(answer.status, what).toBeLessThan(500);
  expect(answer.body, what).not.toMatch(/node_modules|\n\s+at .*:\d+:\d+|SQLSTATE/);
}
