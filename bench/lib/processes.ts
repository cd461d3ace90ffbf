import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '~db/migrations.server';
import { startPostgres } from '../../scripts/postgres.mjs';

export interface BenchPostgres {
  url(database: string): string;
  /** The postmaster, whose children are the connections. */
  pid: number;
  stop(): Promise<void>;
}

/** The benchmark's own PostgreSQL with fsync on, since commits without it would look too fast. */
export async function startBenchPostgres(): Promise<BenchPostgres> {
  const parent = await mkdtemp(join(tmpdir(), 'credit-mart-bench-'));
  await chmod(parent, 0o755);
  const server = await startPostgres({ folder: join(parent, 'data'), password: letters(12), durable: true });
  return {
    url: server.url,
    pid: Number(readFileSync(join(server.folder, 'postmaster.pid'), 'utf8').split('\n')[0]),
    stop: async () => {
      await server.stop();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** A new database with the current schema. */
export async function newDatabase(server: BenchPostgres, name: string): Promise<string> {
  const { default: postgres } = await import('postgres');
  const admin = postgres(server.url('postgres'), { max: 1 });
  await admin`create database ${admin(name)}`;
  await admin.end();
  await migrateDatabase(server.url(name));
  return server.url(name);
}

export interface BenchServer {
  origin: string;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts bench/servers/<name>.ts in its own process, which sends `{ port }` once it listens. Its environment is the one
 * given, and nothing else.
 */
export async function startServer(name: string, env: Record<string, string> = {}): Promise<BenchServer> {
  const child = fork(join('.cache/bench/servers', `${name}.js`), [], {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
    execArgv: ['--enable-source-maps'],
  });
  const port = await new Promise<number>((done, fail) => {
    child.once('message', (message: { port: number }) => done(message.port));
    child.once('exit', (code) => fail(new Error(`${name} ended with ${code}`)));
  });
  return { origin: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => ended(child) };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    child.once('exit', () => done());
    child.kill('SIGTERM');
  });
}

function letters(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
