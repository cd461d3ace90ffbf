import postgres from 'postgres';
import { readEnv } from '~/platform/env';
import { createServices } from '~/services.server';
import { startApp } from './lib/app';
import { measureInTurns, withCpu, type Candidate, type Measured, type Sample } from './lib/measure';
import { newDatabase, startBenchPostgres, startServer, type BenchPostgres } from './lib/processes';
import { printGoals, printMachine, printTable, say } from './lib/report';
import { driveLoad } from './lib/wrk';
import { makeWallets, metered } from './gateway/wallets';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const WALLETS = 32;
const PATH = '/v1/models/black-forest-labs/flux-schnell/predictions';
const BODY = JSON.stringify({ input: { prompt: 'a photograph of a heron '.repeat(42), num_outputs: 1 } });
/** Portkey 1.15 without metering beside a raw undici proxy, measured on one machine (docs/performance.md). */
const PEER = { perSecondOfRaw: 978 / 22_731, addedP50MsOverRaw: 0.99 / 0.1 };

interface Target {
  name: string;
  origin: string;
  path: string;
  headers: Record<string, string>[];
  /** The node processes between client and upstream. */
  pids: number[];
  counted: boolean;
}

/**
 * `npm run bench:gateway`: the gateway's added latency and its rate, with 1 KB bodies, beside the bare upstream, a raw proxy that meters
 * nothing, and the least cost of durable metering. `hot`: one key and one grant; `spread`: 32 buyers. Then checks that each answered call is
 * one captured run and every grant's sums are those of its runs.
 */
async function main(): Promise<void> {
  printMachine();
  const server = await startBenchPostgres();
  const upstream = await startServer('upstream');
  const raw = await startServer('proxy', { UPSTREAM: upstream.origin });
  const metering = await startServer('proxy', { UPSTREAM: upstream.origin, DATABASE_URL: await debits(server) });
  const url = await newDatabase(server, 'gateway');
  const app = await startApp(url, ['server'], {
    ROLE: 'gateway',
    REPLICATE_API_URL: upstream.origin,
    GATEWAY_CREATES_PER_MINUTE: '1000000',
  });
  const services = await createServices(readEnv(app.env));
  try {
    const keys = (await makeWallets(services, WALLETS)).map((key) => ({
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
    }));
    const plain = [{ 'content-type': 'application/json', authorization: `Bearer ${'x'.repeat(40)}` }];
    const gateway = { origin: app.origin, path: `/gateway/replicate${PATH}`, pids: [app.findPid('server')], counted: true };
    const targets: Target[] = [
      { name: 'upstream, direct', origin: upstream.origin, path: PATH, headers: plain, pids: [], counted: false },
      { name: 'raw undici proxy', origin: raw.origin, path: PATH, headers: plain, pids: [raw.pid], counted: false },
      { name: 'raw proxy, two durable debits', origin: metering.origin, path: PATH, headers: plain, pids: [metering.pid], counted: false },
      { name: 'gateway, spread', ...gateway, headers: keys },
      { name: 'gateway, hot', ...gateway, headers: keys.slice(0, 1) },
    ];
    const answered = { count: 0 };
    // Many connections first, since a process is not fully compiled after a few hundred calls.
    const many = await measure(server, targets, 32, answered);
    const one = await measure(server, targets, 1, answered);
    printRatios(one, many);
    const found = await metered(services);
    say(`\nanswered ${answered.count}, captured ${found.captured}, open ${found.open}, grants with other sums ${found.wrong}`);
    // Calls that wrk aborts at its end are captured too, but never answered.
    if (found.wrong > 0 || found.captured < answered.count) throw new Error('What was answered is not what was metered.');
  } finally {
    await services.close();
    await app.stop();
    await raw.stop();
    await metering.stop();
    await upstream.stop();
    await server.stop();
  }
}

/** A database with the one table that the metering proxy writes. */
async function debits(server: BenchPostgres): Promise<string> {
  const url = await newDatabase(server, 'debits');
  const sql = postgres(url, { max: 1 });
  await sql`create table debits (id bigserial primary key, amount bigint not null, body text)`;
  await sql.end();
  return url;
}

async function measure(server: BenchPostgres, targets: Target[], connections: number, answered: { count: number }) {
  const candidates: Candidate[] = targets.map((target) => ({ name: target.name, run: () => load(server, target, connections, answered) }));
  const measured = await measureInTurns(candidates);
  printTable(`${connections} connection${connections === 1 ? '' : 's'}`, measured.values());
  return measured;
}

async function load(server: BenchPostgres, target: Target, connections: number, answered: { count: number }): Promise<Sample> {
  const { origin, path, headers, pids, counted } = target;
  const work = () => driveLoad({ origin, connections, seconds: SECONDS, method: 'POST', paths: [path], headers, body: BODY });
  const { result, nodeMicros, postgresMicros } = await withCpu(work, { node: pids, ...(counted ? { postgres: server.pid } : {}) });
  if (result.failed > 0) throw new Error(`${target.name}: ${result.failed} of ${result.requests} calls failed.`);
  if (counted) answered.count += result.requests;
  const { perSecond, p50Ms, p99Ms } = result;
  return { perSecond, p50Ms, p99Ms, ...(pids.length > 0 ? { nodeMicros } : {}), ...(counted ? { postgresMicros } : {}) };
}

function printRatios(one: Map<string, Measured>, many: Map<string, Measured>): void {
  const p50 = (name: string) => one.get(name)?.p50Ms?.median ?? Number.NaN;
  const added = (name: string) => p50(name) - p50('upstream, direct');
  const rate = (name: string) => many.get(name)?.perSecond?.median ?? Number.NaN;
  const peerAddedMs = added('raw undici proxy') * PEER.addedP50MsOverRaw;
  const peerRate = rate('raw undici proxy') * PEER.perSecondOfRaw;
  const least = 'raw proxy, two durable debits';
  say(
    `\nrequests a second ÷ ${least}: spread ${(rate('gateway, spread') / rate(least)).toFixed(2)}, hot ${(rate('gateway, hot') / rate(least)).toFixed(2)}`,
  );
  say(
    `\nadded p50 ms, 1 connection: raw ${added('raw undici proxy').toFixed(2)}, two durable debits ${added(least).toFixed(2)}, spread ${added('gateway, spread').toFixed(2)}, hot ${added('gateway, hot').toFixed(2)}`,
  );
  printGoals(
    ['spread', 'hot'].flatMap((shape) => [
      { name: `${shape}: added p50 ÷ Portkey's`, ratio: added(`gateway, ${shape}`) / peerAddedMs, goal: 0.55, atMost: true },
      { name: `${shape}: requests a second ÷ Portkey's`, ratio: rate(`gateway, ${shape}`) / peerRate, goal: 8 },
    ]),
  );
}

await main();
