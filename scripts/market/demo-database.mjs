// The embedded PostgreSQL of a demo market, and the note that its database has been seeded.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '../postgres.mjs';
import { writePrivate } from '../private-file.mjs';
import { say } from './launcher.mjs';

/** Starts PostgreSQL in DATA_DIR/postgres. `url` is for the application, `ownerUrl` for migrations. */
export async function openDatabase(launcher, dataDir, { DATABASE_PASSWORD: password, DATABASE_APP_PASSWORD: appPassword }) {
  const server = await startPostgres({ folder: join(dataDir, 'postgres'), password, durable: true, note: (line) => say(`    ${line}`) });
  launcher.add({ stop: server.stop });
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

/** Records in DATA_DIR which databases are seeded: once each, and again on an empty one after an interrupted seed. */
export function seedMark(dataDir, databaseUrl) {
  const path = join(dataDir, 'seed.json');
  const { host, pathname } = new URL(databaseUrl);
  const database = process.env.DATABASE_URL ? `${host}${pathname}` : 'embedded';
  const mark = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const write = (state) => writePrivate(path, `${JSON.stringify({ ...mark, [database]: state })}\n`);
  return { state: mark[database] ?? 'none', begin: () => write('unfinished'), finish: () => write('done') };
}
