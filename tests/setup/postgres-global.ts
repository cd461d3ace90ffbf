import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { migrateDatabase } from '~db/migrations.server';
import { toAppUrl } from './clone';
import { startPostgres } from '../../scripts/postgres.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server's own `postgres` database; tests clone theirs from `template`. */
    postgres: { adminUrl: string; template: string };
  }
}

/** Starts one PostgreSQL with a migrated template for the whole run. Several runs can work side by side. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestPostgres();
  const owner = server.url('template_market');
  await migrateDatabase(owner, { appUrl: toAppUrl(owner) });
  project.provide('postgres', { adminUrl: server.url(), template: 'template_market' });
  return server.stop;
}

/** Starts an embedded PostgreSQL in its own folder with an empty database named template_market. `stop` deletes it. */
export async function startTestPostgres() {
  const parent = await mkdtemp(join(tmpdir(), 'credit-mart-test-'));
  await chmod(parent, 0o755);
  const server = await startPostgres({ folder: join(parent, 'data'), password: randomBytes(12).toString('hex'), durable: false });
  const admin = postgres(server.url(), { max: 1, onnotice: () => undefined });
  await admin`create database template_market`;
  await admin.end();
  return server;
}
