import type postgres from 'postgres';

/** Tables from which the application deletes rows: sessions, counters, heartbeats. In all others rows stay. */
const DELETABLE = ['kept_forms', 'known_browsers', 'rate_limits', 'sign_in_sessions', 'workers'];

/** Written once, never changed. Tables that a trigger makes append-only are added to these. */
const WRITE_ONCE = ['offer_events', 'price_changes', 'terms_acceptances', 'transaction_events'];

/** Tables of which the application may change only some columns. */
const CHANGEABLE_COLUMNS: Record<string, string> = { stripe_events: 'processed_at' };

/** User and password from the application's URL. */
function parseRole(appUrl: string): { user: string; password: string } {
  const { username, password } = new URL(appUrl);
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/**
 * Gives the application's user the rights it needs, and no more: it owns nothing, so it cannot disable triggers or change append-only
 * rows. Creates the user if missing. Idempotent; run it after every migration.
 * `client` is the owner's and needs CREATEROLE only to create the user. With the owner's own URL nothing changes.
 */
export async function grantToApp(client: postgres.Sql, appUrl: string): Promise<void> {
  const { user, password } = parseRole(appUrl);
  const [owner] = await client<{ name: string }[]>`select current_user as name`;
  if (user === '' || owner?.name === user) return;
  await makeUser(client, user, password);
  const role = client(user);
  await client.begin(async (tx) => {
    await tx`grant usage on schema public, drizzle, graphile_worker to ${role}`;
    await tx`revoke all on all tables in schema public, drizzle, graphile_worker from ${role}`;
    await tx`grant select on all tables in schema public, drizzle, graphile_worker to ${role}`;
    await tx`grant usage, select on all sequences in schema public, graphile_worker to ${role}`;
    await grantWrites(tx, user);
    await openJobQueue(tx, user);
  });
}

async function makeUser(client: postgres.Sql, user: string, password: string): Promise<void> {
  const [known] = await client`select 1 from pg_roles where rolname = ${user}`;
  if (known) return;
  const [made] = await client<{ statement: string }[]>`
    select format('create role %I login password %L', ${user}::text, ${password}::text) as statement`;
  await client.unsafe(made?.statement ?? '').catch((error: unknown) => {
    // Another database of this server was migrated at the same moment.
    if (!(error instanceof Error && 'code' in error && ['42710', '23505'].includes(String(error.code)))) throw error;
  });
}

async function grantWrites(tx: postgres.TransactionSql, user: string): Promise<void> {
  const tables = await tx<{ name: string; appendOnly: boolean }[]>`
    select c.relname as name, exists (
      select 1 from pg_trigger t join pg_proc p on p.oid = t.tgfoid where t.tgrelid = c.oid and p.proname = 'refuse_change') as "appendOnly"
    from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`;
  for (const { name, appendOnly } of tables) {
    const columns = CHANGEABLE_COLUMNS[name];
    await tx`grant insert on ${tx(name)} to ${tx(user)}`;
    if (columns !== undefined) await tx`grant update (${tx(columns)}) on ${tx(name)} to ${tx(user)}`;
    else if (!appendOnly && !WRITE_ONCE.includes(name)) await tx`grant update on ${tx(name)} to ${tx(user)}`;
    if (DELETABLE.includes(name)) await tx`grant delete on ${tx(name)} to ${tx(user)}`;
  }
}

/**
 * The job queue's tables use row level security without a policy, which hides the rows from all but the owner. The worker is not the
 * owner.
 */
async function openJobQueue(tx: postgres.TransactionSql, user: string): Promise<void> {
  const tables = await tx<{ name: string; hides: boolean }[]>`
    select c.relname as name, c.relrowsecurity as hides from pg_class c
    where c.relkind = 'r' and c.relnamespace = 'graphile_worker'::regnamespace and c.relname <> 'migrations'`;
  for (const { name, hides } of tables) {
    const table = tx(`graphile_worker.${name}`);
    if (hides) await tx`alter table ${table} disable row level security`;
    await tx`grant insert, update, delete on ${table} to ${tx(user)}`;
  }
}

/** Rights of the connection's user beyond what the application needs, as a sentence; null if there are none. */
export async function excessRights(client: postgres.Sql): Promise<string | null> {
  const [can] = await client<{ name: string; superuser: boolean; owns: boolean; changes: boolean }[]>`
    select current_user as name, r.rolsuper as superuser, pg_has_role(c.relowner, 'member') as owns,
      has_table_privilege(c.oid, 'update, delete, truncate') as changes
    from pg_roles r, pg_class c where r.rolname = current_user and c.oid = to_regclass('public.ledger_postings')`;
  if (!can) return null;
  const { name, superuser, owns, changes } = can;
  return superuser || owns || changes ? `The user ${name} of DATABASE_URL ${superuser ? 'is a superuser' : 'may change the book'}` : null;
}
