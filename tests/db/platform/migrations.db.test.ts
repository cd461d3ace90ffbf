import postgres from 'postgres';
import { expect, it } from 'vitest';
import { migrateDatabase } from '~db/migrations.server';
import { testDatabase } from '~tests/setup/database';

const database = testDatabase();

async function tables(): Promise<string[]> {
  const client = postgres(database.url, { max: 1 });
  const rows = await client<
    { name: string }[]
  >`select schemaname || '.' || tablename as name from pg_tables where schemaname in ('public', 'graphile_worker')`;
  await client.end();
  return rows.map(({ name }) => name).sort();
}

it('the migrations create the tables of the market and of its job queue', async () => {
  expect(await tables()).toEqual(expect.arrayContaining(['public.listings', 'public.ledger_entries', 'graphile_worker._private_jobs']));
});

it('a second migration does nothing, and processes that migrate at once wait for each other', async () => {
  const before = await tables();
  await Promise.all([1, 2, 3].map(() => migrateDatabase(database.ownerUrl, { appUrl: database.url })));
  expect(await tables()).toEqual(before);
});
