// `npm run dev`: the demo market from its sources. Pages reload in place; a process restarts when its own code changes.
// `npm run dev -- --inspect` opens the debugger's port 9229 on the web process.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { untilHealthy, untilReady } from './children.mjs';
import { checkNode, install, needsInstall } from './install.mjs';
import { createBundler, watchSources } from './market/bundler.mjs';
import { startDemo } from './market/demo.mjs';
import { Launcher, say } from './market/launcher.mjs';
import { Stop } from './stop.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
if (existsSync('.env')) process.loadEnvFile('.env');

// The processes run as development whatever the shell says.
delete process.env.NODE_ENV;

const PROGRAMS = 'node_modules/.cache/dev';
const DEFAULTS = { NODE_ENV: 'development', PAGE_CACHE_MS: '0' };
const execArgv = process.argv.slice(2).filter((argument) => argument.startsWith('--inspect'));

const launcher = new Launcher({ programs: PROGRAMS });
let bundler;
let server;
let hasServed = false;
await launcher.main(async () => {
  checkNode();
  if (process.env.APP_MODE && process.env.APP_MODE !== 'demo') throw new Stop('`npm run dev` serves a demo market: unset APP_MODE.');
  await startDemo(launcher, { prepare, serve, defaults: DEFAULTS });
});

/** Bundles the processes. The web process compiles pages while the database and the sandboxes start. */
async function prepare(dataDir) {
  if (needsInstall()) await launcher.step('Installing packages', install);
  bundler = await createBundler(PROGRAMS);
  launcher.add(bundler);
  await launcher.step('Bundling', () => bundler.build());
  server = startServer(dataDir);
}

function startServer(dataDir) {
  const env = { ...process.env, ...DEFAULTS, DATA_DIR: dataDir };
  return launcher.start('server', env, { dataDir, execArgv, mayEnd, onLine: sayPlainly });
}

/** Once the market has served, it waits for better code when the web process ends. */
function mayEnd(running) {
  if (running === server && hasServed) say(`  ! The web process ended: ${running.explain()}. It starts again after the next change.`);
  return running !== server || hasServed;
}

async function serve({ env, ownerEnv, dataDir }) {
  const untilServing = () => {
    server.child.send({ env });
    return untilHealthy(server, `http://127.0.0.1:${env.PORT}/readyz`);
  };
  await untilServing();
  hasServed = true;
  // The old process serves until the new one has compiled the pages.
  const restart = async () => {
    const next = startServer(dataDir);
    await untilReady(next);
    const old = server;
    server = next;
    await old.stop(2_000);
    await untilServing();
  };
  const end = watchSources((paths) => apply(paths, { ownerEnv, restart }).catch(complain));
  launcher.add({ stop: async () => end() });
}

async function apply(paths, { ownerEnv, restart }) {
  const from = Date.now();
  const changed = await bundler.build();
  const migrates = paths.some((path) => path.startsWith('migrations/')) || changed.includes('migrate');
  if (migrates) await launcher.command('migrate', ownerEnv);
  if (changed.some((name) => name.endsWith('-sandbox'))) say('  · A sandbox changed: restart `npm run dev` to use it.');
  if (!changed.includes('server') && !migrates) return;
  await restart();
  say(`  · Restarted after a change (${((Date.now() - from) / 1_000).toFixed(1)} s)`);
}

/** Everything but the JSON log, which goes to its file. */
function sayPlainly(line) {
  if (!line.startsWith('{')) say(`    ${line}`);
}

/** The market goes on with the last code that worked. */
function complain(error) {
  process.stderr.write(`${error instanceof Stop ? error.message : error?.stack}\n`);
}
