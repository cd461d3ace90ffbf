import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkouts, transactions } from '~db/schema';
import { readEnv } from '~/platform/env';
import { createServices, type Services } from '~/services.server';
import { expectInvariants } from '~tests/setup/invariants';
import { freePort } from '../../scripts/postgres.mjs';
import { aLotOnSale, aShopper, payAtStripe, pressBuy, type Place } from './shoppers';

/** `npm start` from its own DATA_DIR with an empty market: the seed is marked as done. */
let dataDir: string;
let env: NodeJS.ProcessEnv;
let starter: ChildProcess | undefined;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'credit-mart-start-'));
  await chmod(dataDir, 0o755);
  await writeFile(join(dataDir, 'seed.json'), JSON.stringify({ embedded: 'done' }));
  const { PATH = '', HOME = '' } = process.env;
  const ports = { PORT: await freePort(), STRIPE_SANDBOX_PORT: await freePort(), REPLICATE_SANDBOX_PORT: await freePort() };
  env = {
    NODE_ENV: 'production',
    PATH,
    HOME,
    DATA_DIR: dataDir,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
  };
});
afterAll(async () => {
  if (starter?.exitCode === null && starter.signalCode === null) {
    const ended = new Promise((done) => starter?.once('exit', done));
    starter.kill('SIGTERM');
    await ended;
  }
  await rm(dataDir, { recursive: true, force: true });
});

const place = (): Place => ({
  baseUrl: `http://127.0.0.1:${env.PORT}`,
  stripeUrl: `http://127.0.0.1:${env.STRIPE_SANDBOX_PORT}`,
  replicateUrl: `http://127.0.0.1:${env.REPLICATE_SANDBOX_PORT}`,
});

async function start(): Promise<Services> {
  starter = spawn(process.execPath, ['scripts/start.mjs'], { env, detached: true, stdio: ['ignore', 'ignore', 'inherit'] });
  const serving = async () => (await fetch(`${place().baseUrl}/readyz`).catch(() => null))?.status ?? 0;
  await expect.poll(serving, { timeout: 90_000, interval: 200 }).toBe(200);
  const { settings } = JSON.parse(await readFile(join(dataDir, 'running.json'), 'utf8')) as { settings: Record<string, string> };
  return createServices(readEnv({ ...settings, LOG_LEVEL: 'silent' }));
}

/** Kills everything that `npm start` began at once, including the database, with no time to shut down. */
async function cutPower(): Promise<void> {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) => (match ? [{ pid: Number(match[1]), parent: Number(match[2]), args: match[3] ?? '' }] : []));
  const doomed = new Set([starter?.pid ?? 0]);
  for (const { pid, args } of all) if (args.includes(dataDir)) doomed.add(pid);
  for (let before = -1; before !== doomed.size;) {
    before = doomed.size;
    for (const { pid, parent } of all) if (doomed.has(parent)) doomed.add(pid);
  }
  const ended = new Promise((done) => starter?.once('exit', done));
  for (const pid of doomed) kill(pid);
  await ended;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its parent.
  }
}

it('npm start, killed during checkouts and started again, serves with nothing lost or doubled', async () => {
  let services = await start();
  const listing = await aLotOnSale(place(), services);
  const buyers = await Promise.all(Array.from({ length: 4 }, () => aShopper(place(), services, 20)));
  const [first] = buyers;
  await pressBuy(place(), first!, listing);
  const clicks = Promise.all(buyers.slice(1).map((buyer) => pressBuy(place(), buyer, listing)));
  await new Promise((done) => setTimeout(done, 40));
  await services.close();
  await cutPower();
  await clicks;

  services = await start();
  // Each buyer sends the same form again and gets the same checkout, if there was one.
  for (const buyer of buyers) expect([302, 303]).toContain((await pressBuy(place(), buyer, listing)).status);
  const made = await services.db.select().from(checkouts);
  expect(made).toHaveLength(4);
  for (const { id } of made) await payAtStripe(place(), services, id);
  const states = async () =>
    (await services.db.select().from(transactions).where(eq(transactions.listingId, listing.id))).map(({ state }) => state);
  await expect.poll(states, { timeout: 30_000 }).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
  await expectInvariants({ services });
  await services.close();
});
