import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPriceBook } from '~/modules/pricing/index.server';
import { logLevel, logsFolder } from '~tests/setup/logged';
import { testMarket } from '~tests/setup/market';
import { startProcess, untilHealthy, type RunningProcess } from '../../scripts/children.mjs';
import { freePort } from '../../scripts/postgres.mjs';
import { ask, dataPath, expectAnswer, sendForm, type Asked } from './isolation/ask';
import { makeCallers, type Callers } from './isolation/callers';
import { cookiesOfAll, gather, type Cast } from './isolation/cast';
import { fingerprints, type Fingerprint } from './isolation/fingerprint';
import { machineRows, type Call } from './isolation/machine-rows';
import { mountedRoutes } from './isolation/manifest';
import { pageRows } from './isolation/page-rows';
import type { Role } from './isolation/roles';
import { serveMarket, type ServedMarket, type ServedRole } from './isolation/serve';

/** ROLE=web and ROLE=gateway as separate processes: a route of one does not exist in the other. */
const market = testMarket();
/** A visitor, and a person with a cookie and a key. */
const askers = ['anonymous', 'buyer'] as const satisfies Role[];
let folder: string;
let processes: RunningProcess[];
let urls: Record<'web' | 'gateway', string>;
let cast: Cast;
let callers: Callers;
let cookies: Record<Role, string>;
let marks: () => Promise<Fingerprint>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credit-mart-roles-'));
  await importPriceBook(market.system());
  cast = await gather(market);
  urls = { web: await urlOfProcess('web'), gateway: await urlOfProcess('gateway') };
  callers = await makeCallers(cast, urls.gateway);
  cookies = await cookiesOfAll(cast);
  marks = await fingerprints(market.services.db);
});
afterAll(async () => {
  await Promise.all(processes.map((each) => each.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function urlOfProcess(ROLE: string): Promise<string> {
  const PORT = String(await freePort());
  const { PATH = '', HOME = '' } = process.env;
  const own = { ROLE, PORT, DATA_DIR: folder, LOG_LEVEL: logLevel('warn'), NODE_ENV: 'production' };
  const started = startProcess({ name: 'server', env: { PATH, HOME, ...market.env, ...own }, logs: logsFolder(join(folder, 'logs')) });
  processes = [...(processes ?? []), started];
  const url = `http://127.0.0.1:${PORT}`;
  await untilHealthy(started, `${url}/readyz`);
  return url;
}

it('the two processes together serve every route of a single one, and share only the health checks', async () => {
  const all = await fetchMounted('all');
  const [web, gateway] = [await fetchMounted('web'), await fetchMounted('gateway')];
  expect([...new Set([...web, ...gateway])].sort()).toEqual(all);
  // The web process itself refuses paths under /gateway.
  expect(web.filter((route) => gateway.includes(route))).toEqual(['get /healthz', 'get /readyz', 'use /gateway']);
});

async function fetchMounted(role: ServedRole): Promise<string[]> {
  const served: ServedMarket = await serveMarket(market, undefined, role);
  const mounted = mountedRoutes(served.app);
  await served.close();
  return [...new Set(mounted)].sort();
}

function expectNothing({ status, body }: Asked, what: string): void {
  expect(`${status} ${body}`, what).toBe('404 There is nothing here.\n');
}

describe('API routes', () => {
  const calls = Object.entries(machineRows).flatMap(([id, rows]) =>
    rows.map((call) => [`${id}: ${call.what}, ${call.as}`, id, call] as const),
  );

  it.each(calls)('%s', async (name, id, call) => {
    const isHealth = id === 'get /healthz' || id === 'get /readyz';
    const [here, there] = id.includes('/gateway') ? (['gateway', 'web'] as const) : (['web', 'gateway'] as const);
    for (const role of askers) {
      const before = await marks();
      const elsewhere = await send(urls[there], call, role);
      if (isHealth) expectAnswer(elsewhere, call.gets[role], `${role}: ${name} at ${there}`);
      else expectNothing(elsewhere, `${role}: ${name} at ${there}`);
      expect(await marks(), `${role}: nothing is done`).toEqual(before);
      expectAnswer(await send(urls[here], call, role), call.gets[role], `${role}: ${name} at ${here}`);
    }
  });
});

function send(url: string, call: Call, role: Role): Promise<Asked> {
  const own = call.as === 'cookie' ? { Cookie: cookies[role] } : callers.authorization(role);
  return ask(url + call.path(callers), {
    method: call.method,
    headers: { 'Content-Type': 'application/json', ...own },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
}

describe('pages', () => {
  it.each(Object.entries(pageRows))('%s', async (_id, [row]) => {
    if (!row) throw new Error('A page has an address.');
    const path = row.at(cast);
    for (const role of askers) {
      const headers = { Cookie: cookies[role], Origin: market.services.env.publicUrl };
      for (const address of [path, dataPath(path)]) expectNothing(await ask(urls.gateway + address, { headers }), `${role}: ${address}`);
      expectNothing(await sendForm(urls.gateway + path, { a: '1' }, headers), `${role} posts to ${path}`);
      expectAnswer(await ask(urls.web + path, { headers }), row.gets[role], `${role} looks at ${path}`);
    }
  });
});
