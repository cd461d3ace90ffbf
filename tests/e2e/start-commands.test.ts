import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { excessRights } from '~db/app-role.server';
import { freePort } from '../../scripts/postgres.mjs';
import { cloneDatabase, type TestDatabase } from '~tests/setup/database';

const run = promisify(execFile);

/** A market started by `npm start` from its own DATA_DIR. It is empty: the seed is marked as done. */
let dataDir: string;
let npm: ChildProcess;
let env: { NODE_ENV: 'production' } & Record<string, string>;
let other: TestDatabase;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'credit-mart-npm-'));
  await chmod(dataDir, 0o755);
  await writeFile(join(dataDir, 'seed.json'), JSON.stringify({ embedded: 'done' }), { mode: 0o600 });
  const { PATH = '', HOME = '' } = process.env;
  const PORT = String(await freePort());
  const [STRIPE_SANDBOX_PORT, REPLICATE_SANDBOX_PORT] = [String(await freePort()), String(await freePort())];
  env = { PATH, HOME, NODE_ENV: 'production', DATA_DIR: dataDir, PORT, STRIPE_SANDBOX_PORT, REPLICATE_SANDBOX_PORT };
  other = await cloneDatabase();
  npm = spawn('npm', ['start'], { env, detached: true, stdio: ['ignore', 'ignore', 'inherit'] });
  await vi.waitUntil(async () => (await fetch(`http://127.0.0.1:${PORT}/readyz`).catch(() => null))?.ok, {
    timeout: 90_000,
    interval: 200,
  });
});
afterAll(async () => {
  if (npm.exitCode === null && npm.signalCode === null) {
    const ended = new Promise((done) => npm.once('exit', done));
    npm.kill('SIGTERM');
    await ended;
  }
  await other.drop();
  await rm(dataDir, { recursive: true, force: true });
});

async function ownUrl(): Promise<URL> {
  const { settings } = JSON.parse(await readFile(join(dataDir, 'running.json'), 'utf8')) as { settings: Record<string, string> };
  return new URL(settings.DATABASE_URL ?? '');
}

const command = (name: string, args: string[], more: Record<string, string> = {}) =>
  run(process.execPath, ['scripts/run.mjs', name, ...args], { env: { ...env, ...more } });

interface Process {
  pid: number;
  parent: number;
  args: string;
}

/** The running processes of this machine, without zombies. */
function allProcesses(): Process[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+[^Z]\S*\s+(.*)$/.exec(line))
    .flatMap((match) => (match ? [{ pid: Number(match[1]), parent: Number(match[2]), args: match[3] ?? '' }] : []));
}

/** A process, all that name the DATA_DIR, and all their children. */
function startedBy(pid: number): Set<number> {
  const all = allProcesses();
  const found = new Set(all.filter((each) => each.pid === pid || each.args.includes(dataDir)).map((each) => each.pid));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const each of all) if (found.has(each.parent)) found.add(each.pid);
  }
  return found;
}

const findArgs = (pid: number) => allProcesses().find((each) => each.pid === pid)?.args ?? '';

describe('a command while a market runs in the DATA_DIR', () => {
  it('uses the running market and says so, if the environment names no database', async () => {
    const own = await ownUrl();
    expect((await command('invariants', [])).stdout).toBe(`Database: ${own.host}${own.pathname}\nAll invariants hold.\n`);
  });

  it('uses the environment’s database, and names it without the password', async () => {
    const { host, pathname, password } = new URL(other.url);
    const named = `Database: ${host}${pathname}\n`;
    const { stdout } = await command('invariants', [], { DATABASE_URL: other.url });
    expect(stdout).toBe(`${named}All invariants hold.\n`);
    const file = join(dataDir, 'other.gz');
    const backup = await command('backup', [file], { DATABASE_URL: other.url });
    expect(backup.stdout.startsWith(named)).toBe(true);
    await expect(command('restore', [file], { TARGET_DATABASE_URL: other.url })).rejects.toMatchObject({
      stdout: named,
      stderr: expect.stringContaining('not empty') as string,
    });
    expect(stdout + backup.stdout).not.toContain(password);
  });

  it('uses no secret of the running market for another database', async () => {
    await expect(command('rotate-vault-keys', [], { DATABASE_URL: other.url })).rejects.toMatchObject({
      stderr: expect.stringContaining('VAULT_KEYS is missing') as string,
    });
  });
});

describe('npm start', () => {
  it('makes the DATA_DIR readable for its own user only', async () => {
    const files = await readdir(dataDir, { recursive: true, withFileTypes: true });
    const own = files.filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(dataDir, 'postgres')));
    const modes = await Promise.all(
      own.map(async ({ parentPath, name }) => [name, ((await stat(join(parentPath, name))).mode & 0o777).toString(8)] as const),
    );
    expect(modes.map(([name]) => name)).toEqual(
      expect.arrayContaining(['demo.json', 'running.json', 'server.log', 'stripe-sandbox.journal']),
    );
    expect(modes.filter(([, mode]) => mode !== '600')).toEqual([]);
    expect((await stat(join(dataDir, 'postgres'))).mode & 0o077).toBe(0);
  });

  it('serves as a database user that cannot change the ledger', async () => {
    const client = postgres((await ownUrl()).href, { max: 1 });
    expect(await excessRights(client)).toBeNull();
    await expect(client`update ledger_postings set amount_cents = 1`).rejects.toMatchObject({ code: '42501' });
    await client.end();
    const environment = await readFile(
      `/proc/${[...startedBy(npm.pid ?? 0)].find((pid) => findArgs(pid).includes('server.js'))}/environ`,
      'utf8',
    );
    expect(environment).not.toContain('DATABASE_OWNER_URL');
  });

  it('ends everything when npm alone gets SIGINT', async () => {
    const pid = npm.pid ?? 0;
    const before = startedBy(pid);
    expect(before.size).toBeGreaterThan(4);
    const ended = new Promise((done) => npm.once('exit', done));
    process.kill(pid, 'SIGINT');
    await ended;
    expect(allProcesses().filter((each) => before.has(each.pid))).toEqual([]);
    expect(startedBy(pid).size).toBe(0);
  });
});
