import type postgres from 'postgres';

/** Tables from which the application deletes: sessions, counters, signs of life. Rows of every other table stay. */
const DELETABLE = ['kept_forms', 'known_browsers', 'rate_limits', 'sign_in_sessions', 'workers'];

/** History: written once. The tables that a trigger makes append-only come to these. */
const WRITE_ONCE = ['offer_events', 'price_changes', 'terms_acceptances', 'transaction_events'];

/** Tables of which the application may change some columns only. */
const CHANGEABLE_COLUMNS: Record<string, string> = { stripe_events: 'processed_at' };

/** The user and password that a URL of the application names. */
function parseRole(appUrl: string): { user: string; password: string } {
  const { username, password } = new URL(appUrl);
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/**
 * Lets the application's user do what it has to and nothing else: it owns nothing, so it can neither switch a trigger off nor change what
 * is written once. Makes the user if it is missing. Repeating it changes nothing; it belongs after every migration, for the new tables.
 * `client` is the owner's, and needs CREATEROLE only to make the user. A URL of the owner itself changes nothing.
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
    // Another database of the same server was migrated at the same moment.
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

/** The queue hides its rows from everybody but their owner (row level security without a policy); the worker is not the owner here. */
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

/** What the user of a connection may do beyond what the application needs; null when it is the application's own user. */
export async function excessRights(client: postgres.Sql): Promise<string | null> {
  const [can] = await client<{ name: string; superuser: boolean; owns: boolean; changes: boolean }[]>`
    select current_user as name, r.rolsuper as superuser, pg_has_role(c.relowner, 'member') as owns,
      has_table_privilege(c.oid, 'update, delete, truncate') as changes
    from pg_roles r, pg_class c where r.rolname = current_user and c.oid = to_regclass('public.ledger_postings')`;
  if (!can) return null;
  const { name, superuser, owns, changes } = can;
  return superuser || owns || changes ? `The user ${name} of DATABASE_URL ${superuser ? 'is a superuser' : 'may change the book'}` : null;
}
