import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { excessRights } from '~db/app-role.server';
import { migrateDatabase } from '~db/migrations.server';
import { cloneDatabase, type TestDatabase } from '~tests/setup/database';

let database: TestDatabase;
let app: postgres.Sql;
let owner: postgres.Sql;
const connect = (url: string) => postgres(url, { max: 1, onnotice: () => undefined });

beforeAll(async () => {
  database = await cloneDatabase();
  [app, owner] = [connect(database.url), connect(database.ownerUrl)];
});
afterAll(async () => {
  await app.end();
  await owner.end();
  await database.drop();
});

const DENIED = { code: '42501' };

describe('the application’s database user', () => {
  it('is no superuser, owns nothing and can create nothing', async () => {
    const [role] = await app`select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls from pg_roles where rolname = current_user`;
    expect(role).toEqual({ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false });
    const owned = await app`select relname from pg_class where pg_get_userbyid(relowner) = current_user and relpersistence <> 't'`;
    expect(owned).toHaveLength(0);
    await expect(app`create table mine (id int)`).rejects.toMatchObject(DENIED);
    expect(await excessRights(app)).toBeNull();
  });

  it.each([
    'ledger_entries',
    'ledger_postings',
    'audit_log',
    'policies',
    'prices',
    'transaction_events',
    'offer_events',
    'terms_acceptances',
  ])('cannot update, delete or truncate %s', async (table) => {
    const [column] = await owner<{ name: string }[]>`
        select column_name as name from information_schema.columns where table_name = ${table} and is_generated = 'NEVER' limit 1`;
    const name = column?.name ?? '';
    await expect(app.unsafe(`update ${table} set ${name} = ${name}`)).rejects.toMatchObject(DENIED);
    await expect(app.unsafe(`delete from ${table}`)).rejects.toMatchObject(DENIED);
    await expect(app.unsafe(`truncate ${table} cascade`)).rejects.toMatchObject(DENIED);
  });

  it('cannot disable triggers, alter tables, replace functions or grant itself rights', async () => {
    for (const statement of [
      'alter table ledger_postings disable trigger user',
      'alter table audit_log drop column hash',
      'drop trigger ledger_postings_append_only on ledger_postings',
      'set session_replication_role = replica',
      "create or replace function refuse_change() returns trigger language plpgsql as 'begin return new; end'",
      'alter role current_user superuser',
    ])
      await expect(app.unsafe(statement), statement).rejects.toMatchObject(DENIED);
    await app`grant update on ledger_postings to current_user`.catch(() => undefined);
    await expect(app`update ledger_postings set amount_cents = 1`).rejects.toMatchObject(DENIED);
  });

  it('can mark Stripe events as done and change nothing else in them; it cannot delete purchases, payments or runs', async () => {
    await app`insert into stripe_events (id, type, object_id, received_at) values ('evt_1', 'refund.updated', 're_1', now())`;
    await app`update stripe_events set processed_at = now() where id = 'evt_1'`;
    await expect(app`update stripe_events set object_id = 're_2'`).rejects.toMatchObject(DENIED);
    for (const table of ['stripe_events', 'transactions', 'payments', 'refunds', 'runs', 'users', 'secrets', 'stripe_calls'])
      await expect(app.unsafe(`delete from ${table}`), table).rejects.toMatchObject(DENIED);
  });

  it('cannot rewrite the list of migrations', async () => {
    await expect(app`delete from drizzle.__drizzle_migrations`).rejects.toMatchObject(DENIED);
    await expect(app`delete from graphile_worker.migrations`).rejects.toMatchObject(DENIED);
  });
});

describe('the owner', () => {
  it('is recognized by rights that the application does not need', async () => {
    expect(await excessRights(owner)).toMatch(/^The user postgres of DATABASE_URL is a superuser/);
  });

  it('need not be a superuser: a role with CREATEROLE can migrate, create the user and grant', async () => {
    const name = database.name.replace('test_', 'managed_');
    const url = new URL(database.ownerUrl);
    const { password } = url;
    await owner.unsafe(`create role ${name} login createrole password '${password}'`);
    await owner.unsafe(`create database ${name} owner ${name} template template0`);
    url.pathname = `/${name}`;
    const appUrl = new URL(url);
    url.username = name;
    appUrl.username = `${name}_app`;
    try {
      await migrateDatabase(url.href, { appUrl: appUrl.href });
      await migrateDatabase(url.href, { appUrl: appUrl.href });
      const managed = connect(appUrl.href);
      await managed`select graphile_worker.add_job('nothing', '{}')`;
      expect(await managed`select 1 from graphile_worker.jobs`).toHaveLength(1);
      await expect(managed`update ledger_postings set amount_cents = 1`).rejects.toMatchObject(DENIED);
      await managed.end();
    } finally {
      await owner.unsafe(`drop database ${name} with (force)`);
      await owner.unsafe(`drop role ${name}_app`);
      await owner.unsafe(`drop role ${name}`);
    }
  });
});
