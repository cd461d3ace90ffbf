// A demo market, all of it in DATA_DIR: database, sandboxes, secrets, and a market that is seeded once.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { claimDataDir } from '../data-dir.mjs';
import { printDemo, refreshDemoFile } from '../demo-file.mjs';
import { demoSecrets } from '../secrets.mjs';
import { Stop } from '../stop.mjs';
import { openDatabase, seedMark } from './demo-database.mjs';
import { demoEnv, sandboxUrls, settingsFor } from './demo-env.mjs';
import { say } from './launcher.mjs';
import { choosePorts } from './ports.mjs';
import { journal, startSandboxes } from './sandboxes.mjs';

/**
 * Starts a demo market. The folder and the ports are claimed before `prepare` builds: a second start is refused at once.
 *
 * @param launcher {import('./launcher.mjs').Launcher}
 * @param options {{ prepare: (dataDir: string) => Promise<void>, serve: (market: { env: object, ownerEnv: object, dataDir: string }) => Promise<void>,
 *   defaults: Record<string, string> }} `defaults` are settings that the environment may override
 */
export async function startDemo(launcher, { prepare, serve, defaults }) {
  const dataDir = resolve(process.env.DATA_DIR || '.data');
  mkdirSync(dataDir, { recursive: true });
  const claim = claimDataDir(dataDir);
  launcher.add({ stop: async () => claim.release() });
  const ports = await choosePorts(claim.wasUnclean ? 10_000 : 0);
  await prepare(dataDir);
  const secrets = demoSecrets(dataDir);
  const env = demoEnv({ dataDir, secrets, ports, defaults });
  await launcher.command('check-env', env);
  const seed = await openMigrated(launcher, { dataDir, env, secrets });
  // Serving processes must not be able to act as the owner.
  const { DATABASE_OWNER_URL, ...appEnv } = env;
  await startSandboxes(launcher, appEnv, ports, dataDir);
  claim.publish(settingsFor(appEnv));
  if (seed.state !== 'done') await fillMarket(launcher, appEnv, { ports, seed });
  const demo = refreshDemoFile(dataDir, appEnv);
  await launcher.step('Serving', () => serve({ env: appEnv, ownerEnv: { ...appEnv, DATABASE_OWNER_URL }, dataDir }));
  printDemo(demo, appEnv, dataDir);
}

/** Opens the database, ours unless the environment names one, with the newest schema. */
async function openMigrated(launcher, { dataDir, env, secrets }) {
  const open = () => openDatabase(launcher, dataDir, secrets);
  const own = process.env.DATABASE_URL ? null : await launcher.step('Starting PostgreSQL', open);
  if (own) Object.assign(env, { DATABASE_URL: own.url, DATABASE_OWNER_URL: own.ownerUrl });
  const seed = seedMark(dataDir, env.DATABASE_URL);
  if (own && seed.state === 'unfinished') await startOver(own, dataDir);
  if (own) await own.create();
  await launcher.step('Migrating', () => launcher.command('migrate', env));
  return seed;
}

async function startOver(own, dataDir) {
  say('    the last seed was cut short: starting over with an empty market');
  await own.drop();
  for (const file of [journal(dataDir, 'stripe'), journal(dataDir, 'replicate'), join(dataDir, 'demo.json')])
    rmSync(file, { recursive: true, force: true });
}

async function fillMarket(launcher, env, { ports, seed }) {
  refuseSeedingOutside(env, sandboxUrls(ports));
  seed.begin();
  // Prints the seed's progress without its JSON log lines.
  const sayProgress = (line) => line.startsWith('{') || say(`    ${line}`);
  await launcher.step('Seeding a demo market', () => launcher.command('seed', { ...env, LOG_LEVEL: 'error' }, sayProgress));
  seed.finish();
}

/** The demo's history is made at the sandboxes, where time can be moved. Real keys may be used afterwards. */
function refuseSeedingOutside(env, urls) {
  if (env.STRIPE_API_URL === urls.stripe && env.REPLICATE_API_URL === urls.replicate) return;
  throw new Stop(
    'The demo market is seeded at the sandboxes: run `npm start` once without STRIPE_SECRET_KEY, STRIPE_API_URL and REPLICATE_API_URL, then again with them.',
  );
}
