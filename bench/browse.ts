import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { encodeCursor } from '~/queries/market/listing-filters';
import { uuidToId } from '~/platform/ids';
import { paths } from '~/paths';
import { makeListings } from './browse/lots';
import { startApp } from './lib/app';
import { measureInTurns, withCpu, type Candidate, type Measured, type Sample } from './lib/measure';
import { newDatabase, startBenchPostgres, startServer, type BenchPostgres } from './lib/processes';
import { printGoals, printMachine, printTable, say } from './lib/report';
import { driveLoad } from './lib/wrk';

const { values: flags } = parseArgs({
  options: {
    lots: { type: 'string', default: '100000,1000000' },
    seconds: { type: 'string', default: '4' },
    /** Only candidates with this text in their name, beside the growth of the market. */
    only: { type: 'string', default: '' },
  },
});
const SECONDS = Number(flags.seconds);
const CONNECTIONS = 32;
const RANDOM_PAGES = 400;

interface Served {
  name: string;
  origin: string;
  pid: number;
  paths: string[];
  headers?: Record<string, string>;
}

/**
 * `npm run bench:browse`: the market's page and `GET /api/v1/listings`, first page and random pages by key, rendered each time
 * (PAGE_CACHE_MS=0) and cached, beside their limits: node:http, the same query by hand, a stock Remix page.
 */
async function main(): Promise<void> {
  printMachine();
  const server = await startBenchPostgres();
  try {
    for (const howMany of flags.lots.split(',').map(Number)) {
      await measureMarket(server, howMany);
    }
    if (flags.lots.includes('1000000')) await measureGrowth(server);
  } finally {
    await server.stop();
  }
}

async function prepareMarket(server: BenchPostgres, howMany: number): Promise<string> {
  const url = await newDatabase(server, `lots_${howMany}`);
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await makeListings(sql, howMany);
  await sql.end();
  return url;
}

async function measureMarket(server: BenchPostgres, howMany: number): Promise<void> {
  const url = await prepareMarket(server, howMany);
  const pages = await randomPages(url);
  const [hello, raw, stock, string] = [
    await startServer('hello'),
    await startServer('raw-rows', { DATABASE_URL: url }),
    await startServer('stock-remix', { DATABASE_URL: url }),
    await startServer('stock-remix', { DATABASE_URL: url, ENTRY: 'one-string' }),
  ];
  const cached = await startApp(url, ['server'], { ROLE: 'web' });
  const fresh = await startApp(url, ['server'], { ROLE: 'web', PAGE_CACHE_MS: '0' });
  const [first, after] = [[paths.listings()], pages.map(({ after }) => paths.listings({ after }))];
  const [firstJson, afterJson] = [[paths.api.listings()], pages.map(({ after }) => paths.api.listings({ after }))];
  const byHand = pages.map(({ query }) => `/listings?${query}`);
  const [ours, kept] = [
    { origin: fresh.origin, pid: fresh.findPid('server') },
    { origin: cached.origin, pid: cached.findPid('server') },
  ];
  const served: Served[] = [
    { name: 'node:http hello', ...hello, paths: ['/'] },
    { name: 'JSON first: by hand', ...raw, paths: ['/'] },
    { name: 'JSON first: ours', ...ours, paths: firstJson },
    { name: 'JSON first: ours, cached', ...kept, paths: firstJson },
    { name: 'JSON random: by hand', ...raw, paths: byHand },
    { name: 'JSON random: ours', ...ours, paths: afterJson },
    { name: 'JSON random: ours, cached', ...kept, paths: afterJson },
    { name: 'page first: stock Remix', ...stock, paths: ['/listings'] },
    { name: 'page first: stock Remix, one string', ...string, paths: ['/listings'] },
    { name: 'page first: ours', ...ours, paths: first },
    { name: 'page first: ours, cached', ...kept, paths: first },
    { name: 'page first: ours, cached, gzip', ...kept, paths: first, headers: { 'Accept-Encoding': 'gzip, deflate, br' } },
    { name: 'page random: stock Remix', ...stock, paths: byHand },
    { name: 'page random: ours', ...ours, paths: after },
    { name: 'page random: ours, cached', ...kept, paths: after },
  ];
  const wanted = served.filter(({ name }) => name.includes(flags.only));
  const measured = await measureInTurns(wanted.map((each) => toCandidate(server, each)));
  printTable(`${howMany.toLocaleString('en-US')} lots`, measured.values());
  const goals = [
    goal('page first ÷ stock Remix', measured, 'page first: ours', 'page first: stock Remix', 2),
    goal('page random ÷ stock Remix', measured, 'page random: ours', 'page random: stock Remix', 2),
    goal('cached page ÷ hello', measured, 'page first: ours, cached', 'node:http hello', 0.25),
    goal('cached page, gzip ÷ hello', measured, 'page first: ours, cached, gzip', 'node:http hello', 0.25),
    goal('JSON first ÷ by hand', measured, 'JSON first: ours', 'JSON first: by hand', 1),
    goal('JSON random ÷ by hand', measured, 'JSON random: ours', 'JSON random: by hand', 1),
  ];
  printGoals(goals.filter(({ ratio }) => !Number.isNaN(ratio)));
  for (const each of [hello, raw, stock, string, cached, fresh]) await each.stop();
}

/** The same first page of a market a hundred times as large. */
async function measureGrowth(server: BenchPostgres): Promise<void> {
  const [small, large] = [await prepareMarket(server, 10_000), server.url('lots_1000000')];
  const apps = [
    await startApp(small, ['server'], { ROLE: 'web', PAGE_CACHE_MS: '0' }),
    await startApp(large, ['server'], { ROLE: 'web', PAGE_CACHE_MS: '0' }),
  ];
  const names = ['10,000 lots', '1,000,000 lots'];
  const served = apps.flatMap((app, index) => [
    { name: `page, ${names[index]}`, origin: app.origin, pid: app.findPid('server'), paths: [paths.listings()] },
    { name: `JSON, ${names[index]}`, origin: app.origin, pid: app.findPid('server'), paths: [paths.api.listings()] },
  ]);
  const measured = await measureInTurns(served.map((each) => toCandidate(server, each)));
  printTable('first page, as the market grows', measured.values());
  printGoals([
    goal('page, 1,000,000 ÷ 10,000', measured, 'page, 1,000,000 lots', 'page, 10,000 lots', 0.95),
    goal('JSON, 1,000,000 ÷ 10,000', measured, 'JSON, 1,000,000 lots', 'JSON, 10,000 lots', 0.95),
  ]);
  for (const app of apps) await app.stop();
}

function toCandidate(server: BenchPostgres, { name, origin, pid, paths: asked, headers }: Served): Candidate {
  return {
    name,
    run: async (): Promise<Sample> => {
      const load = {
        origin,
        connections: CONNECTIONS,
        seconds: SECONDS,
        paths: asked,
        inRandomOrder: asked.length > 1,
        ...(headers && { headers: [headers] }),
      };
      const { result, nodeMicros, postgresMicros } = await withCpu(() => driveLoad(load), { node: [pid], postgres: server.pid });
      if (result.failed > 0) say(`  ! ${name}: ${result.failed} of ${result.requests} failed`);
      return { perSecond: result.perSecond, p50Ms: result.p50Ms, p99Ms: result.p99Ms, nodeMicros, postgresMicros };
    },
  };
}

/** Random keys of the whole market, as our cursors and for the servers by hand. */
async function randomPages(url: string): Promise<{ after: string; query: string }[]> {
  const sql = postgres(url, { max: 1 });
  const rows = await sql<{ id: string; discount_bps: number }[]>`
    select id, discount_bps from listings where on_sale order by md5(id::text) limit ${RANDOM_PAGES}`;
  await sql.end();
  return rows.map(({ id, discount_bps: discount }) => ({
    after: encodeCursor({ sort: 'cheapest', value: String(discount), id: uuidToId('listing', id) }),
    query: `discount=${discount}&id=${id}`,
  }));
}

function goal(name: string, measured: Map<string, Measured>, ours: string, limit: string, least: number) {
  const perSecond = (candidate: string) => measured.get(candidate)?.perSecond?.median ?? Number.NaN;
  return { name, ratio: perSecond(ours) / perSecond(limit), goal: least };
}

await main();
