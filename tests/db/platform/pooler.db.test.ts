import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkConnection } from '~db/connection-check.server';
import { databaseProblem } from '~db/migrations.server';
import { freePort } from '../../../scripts/postgres.mjs';
import { testDatabase } from '~tests/setup/database';

const database = testDatabase();
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const pooler = /is a connection pooler.*set DATABASE_URL \(and DATABASE_OWNER_URL\) to PostgreSQL itself/;

function at(port: number): string {
  const url = new URL(database.url);
  url.port = String(port);
  return url.href;
}

/** Stands in for PgBouncer at session start: reads the settings that a client asks for, then forwards all bytes. */
async function standIn(onSettings: (settings: Map<string, string>, client: Socket) => Map<string, string> | null): Promise<number> {
  const { hostname, port } = new URL(database.url);
  const sockets: Socket[] = [];
  const server: Server = createServer((client) => {
    sockets.push(client);
    client.once('data', (bytes: Buffer) => {
      const words = bytes.toString('utf8', 8, bytes.length - 2).split('\0');
      const settings = new Map(
        Array.from({ length: words.length / 2 }, (_, index) => [words[2 * index] ?? '', words[2 * index + 1] ?? '']),
      );
      const kept = onSettings(settings, client);
      if (kept === null) return;
      const upstream = connect(Number(port), hostname, () => upstream.write(startup(kept)));
      sockets.push(upstream);
      client.pipe(upstream).pipe(client);
    });
    client.on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanUps.push(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function startup(settings: Map<string, string>): Buffer {
  const body = Buffer.from(`\0\x03\0\0${[...settings].flat().join('\0')}\0\0`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}

function refusal(code: string, message: string): Buffer {
  const body = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5, 'E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

it('the check accepts a direct connection to PostgreSQL', async () => {
  await checkConnection(database.url, { mode: 'production' });
});

it('the check refuses a user that may change the ledger, in production only', async () => {
  await expect(checkConnection(database.ownerUrl, { mode: 'production' })).rejects.toThrow(
    /^The user postgres of DATABASE_URL is a superuser: set DATABASE_OWNER_URL to it/,
  );
  await checkConnection(database.ownerUrl, { mode: 'demo' });
});

describe('the check refuses a pooler with a sentence that says what to set', () => {
  it('when it rejects the session settings (08P01)', async () => {
    const port = await standIn((settings, client) => {
      const unknown = [...settings.keys()].find((name) => /timeout/.test(name));
      client.end(refusal('08P01', `unsupported startup parameter: ${unknown ?? ''}`));
      return null;
    });
    const error: unknown = await checkConnection(at(port), { mode: 'demo' }).catch((failure: unknown) => failure);
    expect(String(error)).toMatch(pooler);
    expect(String(error)).not.toContain(new URL(database.url).password);
    expect(databaseProblem(Object.assign(new Error('refused'), { code: '08P01' }), at(port))).toMatch(pooler);
  });

  it('when it ignores the session settings', async () => {
    const port = await standIn((settings) => new Map([...settings].filter(([name]) => !/timeout/.test(name))));
    await expect(checkConnection(at(port), { mode: 'demo' })).rejects.toThrow(pooler);
  });
});

/** The real PgBouncer, where it is installed (.ci/run installs it). No stand-in shares connections between sessions as well. */
const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => isProgram(path));

function isProgram(path: string): boolean {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function pgBouncer(settings: Record<string, string>): Promise<number> {
  const { hostname, port, username, password } = new URL(database.url);
  const folder = mkdtempSync(join(tmpdir(), 'credit-mart-pooler-'));
  chmodSync(folder, 0o755);
  const listenPort = await freePort();
  writeFileSync(join(folder, 'users.txt'), `"${username}" "${password}"\n`, { mode: 0o644 });
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: listenPort,
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: join(folder, 'users.txt'),
  };
  const lines = Object.entries({ ...all, ...settings }).map(([name, value]) => `${name} = ${value}`);
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, `[databases]\n* = host=${hostname} port=${port}\n[pgbouncer]\n${lines.join('\n')}\n`);
  const started: ChildProcess = spawn(program ?? '', [file], { stdio: 'ignore', ...(process.getuid?.() === 0 ? nobody() : {}) });
  cleanUps.push(() => {
    started.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  await vi.waitUntil(() => canConnect(listenPort), { timeout: 10_000, interval: 50 });
  return listenPort;
}

/** PgBouncer refuses to run as root. */
function nobody(): { uid: number; gid: number } {
  const [, , uid, gid] = (
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.startsWith('nobody:')) ?? ''
  ).split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(socket.destroy() === socket));
    socket.on('error', () => done(false));
  });
}

describe.runIf(program !== undefined)('PgBouncer itself is refused', () => {
  const ignored = { pool_mode: 'transaction', ignore_startup_parameters: 'statement_timeout,application_name' };

  it.each([
    ['as it comes', {}],
    ['with the settings of a session ignored', ignored],
  ])('%s', async (_what, settings) => {
    await expect(checkConnection(at(await pgBouncer(settings)), { mode: 'demo' })).rejects.toThrow(pooler);
  });

  it.each([
    ['with our settings made on the server', ignored],
    ['with one connection for everybody', { ...ignored, default_pool_size: '1' }],
  ])('%s', async (_what, settings) => {
    await setOnServer();
    await expect(checkConnection(at(await pgBouncer(settings)), { mode: 'demo' })).rejects.toThrow(pooler);
  });
});

/** An operator may set this on the database, so that the pooler need not forward it. */
async function setOnServer(): Promise<void> {
  const owner = postgres(database.ownerUrl, { max: 1 });
  await owner.unsafe(`alter database ${new URL(database.url).pathname.slice(1)} set statement_timeout = 15000`);
  await owner.end();
}
