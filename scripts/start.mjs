// `npm start`: from a bare checkout to a market that serves. `node:` only until the packages are there.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { onLines, startProcess, untilHealthy, untilReady } from './children.mjs';
import { printDemo, refreshDemoFile } from './demo-file.mjs';
import { checkNode, install, needsInstall } from './install.mjs';
import { claimDataDir } from './data-dir.mjs';
import { freePort, startPostgres } from './postgres.mjs';
import { writePrivate } from './private-file.mjs';
import { demoSecrets } from './secrets.mjs';
import { Stop } from './stop.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
if (existsSync('.env')) process.loadEnvFile('.env');

const started = [];
let stopping = null;
let commandUnderWay = null;

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('SIGHUP', () => void stop(0));
watchParent();

main().catch(async (error) => {
  if (stopping) return;
  process.stderr.write(error instanceof Stop ? `\n${error.message}\n` : `\n${error?.stack ?? error}\n`);
  await stop(1);
});

async function main() {
  checkNode();
  const isDemo = (process.env.APP_MODE || 'demo') === 'demo';
  // Before installing and building, which take minutes.
  const claimed = isDemo ? await claimFolderAndPorts() : null;
  if (needsInstall()) await step('Installing packages', install);
  const { build, isStale } = await import('./build.mjs');
  if (isStale()) await step('Building', () => build());
  if (claimed) await startDemo(claimed);
  else await startPlain();
}

/** @throws Stop when a market already runs from DATA_DIR, or another program uses one of the ports. */
async function claimFolderAndPorts() {
  const dataDir = resolve(process.env.DATA_DIR || '.data');
  mkdirSync(dataDir, { recursive: true });
  const claim = claimDataDir(dataDir);
  started.push({ stop: async () => claim.release() });
  return { dataDir, claim, ports: await choosePorts(claim.wasUnclean ? 10_000 : 0) };
}

/** Everything from DATA_DIR: database, sandboxes, secrets, a market seeded once. */
async function startDemo({ dataDir, claim, ports }) {
  const secrets = demoSecrets(dataDir);
  const env = demoEnv(dataDir, secrets, ports);
  await command('check-env', env);
  const own = process.env.DATABASE_URL ? null : await step('Starting PostgreSQL', () => openDatabase(dataDir, secrets));
  if (own) Object.assign(env, { DATABASE_URL: own.url, DATABASE_OWNER_URL: own.ownerUrl });
  const seed = seedMark(dataDir, env.DATABASE_URL);
  if (own && seed.state === 'unfinished') await startOver(own, dataDir);
  if (own) await own.create();
  await step('Migrating', () => command('migrate', env));
  // Serving processes must not be able to act as the owner.
  delete env.DATABASE_OWNER_URL;
  await startSandboxes(env, ports, dataDir);
  claim.publish(settingsFor(env));
  if (seed.state !== 'done' && existsSync('build/node/seed.js')) {
    refuseSeedingOutside(env, ports);
    seed.begin();
    await step('Seeding a demo market', () => command('seed', { ...env, LOG_LEVEL: 'error' }, sayProgress));
    seed.finish();
  }
  const demo = refreshDemoFile(dataDir, env);
  await step('Serving', () => serve(env, dataDir));
  printDemo(demo, env, dataDir);
}

/** Production: all settings come from the environment. */
async function startPlain() {
  const env = { ...process.env, NODE_ENV: 'production' };
  await command('check-env', env);
  await step('Migrating', () => command('migrate', env));
  delete env.DATABASE_OWNER_URL;
  await serve(env, resolve(process.env.DATA_DIR || '.data'));
  say(env.ROLE === 'worker' ? '\n  Credit Mart works off its jobs\n' : `\n  Credit Mart serves ${env.PUBLIC_URL}\n`);
}

async function choosePorts(patienceMs) {
  const wanted = [
    ['PORT', 3000],
    ['STRIPE_SANDBOX_PORT', 3001],
    ['REPLICATE_SANDBOX_PORT', 3002],
  ];
  const ports = {};
  for (const [name, usual] of wanted) {
    const port = Number(process.env[name] || usual);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Stop(`${name} is not a port number: set it to one between 1 and 65535.`);
    ports[name] = port === 0 ? await freePort() : port;
    await untilFree(name, ports[name], patienceMs);
  }
  return ports;
}

/** Processes left by a killed start need a moment to exit. */
async function untilFree(name, port, patienceMs) {
  const limit = Date.now() + patienceMs;
  for (;;) {
    const problem = await tryPort(port);
    if (problem === null) return;
    if (problem === 'EACCES') throw new Stop(`Port ${port} may not be used by this account: set ${name} to one above 1023.`);
    if (Date.now() >= limit) throw new Stop(`Port ${port} is taken by another program: end it, or set ${name} to a free port.`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

function tryPort(port) {
  return new Promise((done) => {
    const server = createServer();
    server.on('error', (error) => done(error.code ?? 'EADDRINUSE'));
    server.listen(port, process.env.HOST || '127.0.0.1', () => server.close(() => done(null)));
  });
}

function demoEnv(dataDir, secrets, ports) {
  const realStripe = Boolean(process.env.STRIPE_SECRET_KEY) && !process.env.STRIPE_API_URL;
  const defaults = {
    ...secrets,
    ...(realStripe ? {} : { STRIPE_API_URL: `http://127.0.0.1:${ports.STRIPE_SANDBOX_PORT}` }),
    REPLICATE_API_URL: `http://127.0.0.1:${ports.REPLICATE_SANDBOX_PORT}`,
    PUBLIC_URL: `http://127.0.0.1:${ports.PORT}`,
    // A placeholder until the embedded database has a port; check-env only needs a value.
    DATABASE_URL: 'postgres://postgres@127.0.0.1/credit_mart',
    NODE_ENV: 'production',
  };
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const { DATABASE_PASSWORD: _owner, DATABASE_APP_PASSWORD: _app, ...env } = { ...defaults, ...given, APP_MODE: 'demo', DATA_DIR: dataDir };
  for (const [name, port] of Object.entries(ports)) env[name] = String(port);
  return env;
}

async function openDatabase(dataDir, { DATABASE_PASSWORD: password, DATABASE_APP_PASSWORD: appPassword }) {
  const server = await startPostgres({ folder: join(dataDir, 'postgres'), password, durable: true, note: (line) => say(`    ${line}`) });
  started.push({ stop: server.stop });
  const { default: postgres } = await import('postgres');
  const admin = async (use) => {
    const client = postgres(server.url(), { max: 1, onnotice: () => {} });
    await use(client).finally(() => client.end());
  };
  const ownerUrl = server.url('credit_mart');
  const appUrl = new URL(ownerUrl);
  Object.assign(appUrl, { username: 'credit_mart_app', password: appPassword });
  return {
    url: appUrl.href,
    ownerUrl,
    create: () =>
      admin(async (client) => {
        const [found] = await client`select 1 from pg_database where datname = 'credit_mart'`;
        if (!found) await client`create database credit_mart`;
      }),
    drop: () => admin((client) => client`drop database if exists credit_mart with (force)`),
  };
}

/** The demo's history is made at the sandboxes, where time can be moved. Real keys may be used afterwards. */
function refuseSeedingOutside(env, ports) {
  const inside = [`http://127.0.0.1:${ports.STRIPE_SANDBOX_PORT}`, `http://127.0.0.1:${ports.REPLICATE_SANDBOX_PORT}`];
  if (env.STRIPE_API_URL === inside[0] && env.REPLICATE_API_URL === inside[1]) return;
  throw new Stop(
    'The demo market is seeded at the sandboxes: run `npm start` once without STRIPE_SECRET_KEY, STRIPE_API_URL and REPLICATE_API_URL, then again with them.',
  );
}

/** Records in DATA_DIR which databases are seeded: once each, and again on an empty one after an interrupted seed. */
function seedMark(dataDir, databaseUrl) {
  const path = join(dataDir, 'seed.json');
  const { host, pathname } = new URL(databaseUrl);
  const database = process.env.DATABASE_URL ? `${host}${pathname}` : 'embedded';
  const mark = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const write = (state) => writePrivate(path, `${JSON.stringify({ ...mark, [database]: state })}\n`);
  return { state: mark[database] ?? 'none', begin: () => write('unfinished'), finish: () => write('done') };
}

async function startOver(own, dataDir) {
  say('    the last seed was cut short: starting over with an empty market');
  await own.drop();
  for (const file of [journal(dataDir, 'stripe'), journal(dataDir, 'replicate'), join(dataDir, 'demo.json')])
    rmSync(file, { recursive: true, force: true });
}

const journal = (dataDir, which) => join(dataDir, `${which}-sandbox.journal`);

async function startSandboxes(env, ports, dataDir) {
  const urls = { stripe: `http://127.0.0.1:${ports.STRIPE_SANDBOX_PORT}`, replicate: `http://127.0.0.1:${ports.REPLICATE_SANDBOX_PORT}` };
  const wanted = [];
  if (env.STRIPE_API_URL === urls.stripe) {
    wanted.push([
      'stripe',
      {
        STRIPE_SANDBOX_PORT: String(ports.STRIPE_SANDBOX_PORT),
        STRIPE_SANDBOX_JOURNAL: journal(dataDir, 'stripe'),
        STRIPE_SANDBOX_SECRET_KEY: env.STRIPE_SECRET_KEY,
        STRIPE_SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${ports.PORT}/webhooks/stripe`,
        STRIPE_SANDBOX_WEBHOOK_SECRET: env.STRIPE_WEBHOOK_SECRET,
      },
    ]);
  }
  if (env.REPLICATE_API_URL === urls.replicate) {
    wanted.push([
      'replicate',
      { REPLICATE_SANDBOX_PORT: String(ports.REPLICATE_SANDBOX_PORT), REPLICATE_SANDBOX_JOURNAL: journal(dataDir, 'replicate') },
    ]);
  }
  for (const [which, settings] of wanted) {
    await step(`Starting the ${which === 'stripe' ? 'Stripe' : 'Replicate'} sandbox`, async () => {
      const { PATH, HOME, TZ, NODE_ENV } = env;
      await run(`${which}-sandbox`, { PATH, HOME, TZ, NODE_ENV, ...settings }, dataDir, `${urls[which]}/_sandbox/health`);
    });
  }
}

async function serve(env, dataDir) {
  if (env.ROLE === 'worker') return run('worker', env, dataDir, null);
  await run('server', env, dataDir, `http://127.0.0.1:${env.PORT || 3000}/readyz`);
}

async function run(name, env, dataDir, healthUrl) {
  const process_ = startProcess({ name, env, logs: join(dataDir, 'logs'), onTrouble: (line) => say(`  ! ${line}`) });
  started.push(process_);
  // A process without HTTP sends a message when it is ready.
  await (healthUrl ? untilHealthy(process_, healthUrl) : untilReady(process_));
  void process_.ended.then(({ code, signal }) => {
    if (stopping) return;
    process.stderr.write(`\n${name} ended by itself (${signal ?? code}): ${process_.explain()}\n`);
    void stop(1);
  });
}

/** Runs build/node/<name>.js to its end. @throws Stop with its standard error when it fails. */
function command(name, env, onLine = () => {}) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--enable-source-maps', join('build', 'node', `${name}.js`)], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    commandUnderWay = child;
    let said = '';
    child.stderr.on('data', (bytes) => (said += bytes));
    onLines(child.stdout, onLine);
    child.on('error', fail);
    child.on('close', (code) => {
      commandUnderWay = null;
      if (code === 0) done();
      else fail(new Stop(said.trim() || `${name} failed.`));
    });
  });
}

/** The settings with which commands such as `npm run admin` reach this market. */
function settingsFor(env) {
  const names = [
    'APP_MODE',
    'DATA_DIR',
    'DATABASE_URL',
    'PUBLIC_URL',
    'PORT',
    'VAULT_KEYS',
    'APP_SECRET',
    'STRIPE_SECRET_KEY',
    'STRIPE_WEBHOOK_SECRET',
    'STRIPE_API_URL',
    'STRIPE_SANDBOX_PORT',
    'REPLICATE_API_URL',
    'REPLICATE_SANDBOX_PORT',
    'SMTP_URL',
    'MAIL_FROM',
    'CONTACT_EMAIL',
    'DEMO_REAL_KEYS',
    'STRIPE_LIVE_ACK',
  ];
  return Object.fromEntries(names.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]));
}

async function step(what, work) {
  const from = Date.now();
  say(`  · ${what} …`);
  const result = await work();
  if (!stopping) say(`    done in ${((Date.now() - from) / 1_000).toFixed(1)} s`);
  return result;
}

/** Prints the seed's progress, without its JSON log lines. */
function sayProgress(line) {
  if (!line.startsWith('{')) say(`    ${line}`);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Stops everything in reverse order, the database last. A second signal is ignored: each step has a time limit. */
function stop(code) {
  stopping ??= (async () => {
    if (started.length > 1 && code === 0) say('\n  Stopping …');
    commandUnderWay?.kill('SIGKILL');
    for (const thing of started.reverse()) await thing.stop().catch((error) => process.stderr.write(`${error.message}\n`));
    process.exit(code);
  })();
  return stopping;
}

/** Stops when npm ends: a SIGKILL of npm, or a SIGTERM that its shell does not pass on, would leave this process running. */
function watchParent() {
  if (process.env.npm_lifecycle_event !== 'start' || process.platform === 'win32') return;
  const lineage = () => `${process.ppid} ${parentOfShell(process.ppid)}`;
  const born = lineage();
  setInterval(() => {
    if (lineage() !== born) void stop(1);
  }, 500).unref();
}

function parentOfShell(pid) {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name?.endsWith('sh') ? parent : '';
  } catch {
    return '';
  }
}
