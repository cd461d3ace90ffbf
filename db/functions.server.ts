import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';

const FOLDER = 'db/functions';

interface Definition {
  name: string;
  /** Argument types, which distinguish overloads. */
  args: string;
  text: string;
}

/**
 * The statements that bring a migrated database to `db/functions`, where each file holds one function and its triggers. Empty if both
 * agree. The trial runs in a transaction that is rolled back.
 */
export async function functionChanges(url: string, folder = FOLDER): Promise<string[]> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  const statements: string[] = [];
  try {
    await client.begin(async (tx) => {
      statements.push(...(await changesIn(tx, folder)));
      throw new RollBack();
    });
  } catch (error) {
    if (!(error instanceof RollBack)) throw error;
  } finally {
    await client.end({ timeout: 5 });
  }
  return statements;
}

class RollBack extends Error {}

async function changesIn(tx: postgres.TransactionSql, folder: string): Promise<string[]> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: file.replace(/\.sql$/, ''), text: readFileSync(join(folder, file), 'utf8').trim() }));
  const statements = await dropsOfTriggers(tx, files.map(({ text }) => text).join('\n'));
  for (const { name, args } of await functionsIn(tx))
    if (!files.some((file) => file.name === name)) statements.push(`DROP FUNCTION ${name}(${args});`);
  for (const file of files) statements.push(...(await findFileChanges(tx, file)));
  return statements;
}

async function findFileChanges(tx: postgres.TransactionSql, file: { name: string; text: string }): Promise<string[]> {
  const before = await readDefinitions(tx, file.name);
  // A function cannot be replaced with another result type, so it is dropped first.
  const replaced = await tx.savepoint((inner) => inner.unsafe(file.text)).then(() => true, isOtherResult);
  const drops = replaced ? await staleOverloads(tx, file.name, before.functions) : before.functions;
  for (const { name, args } of drops) await tx.unsafe(`DROP FUNCTION ${name}(${args}) CASCADE`);
  if (drops.length > 0) await tx.unsafe(file.text);
  const after = await readDefinitions(tx, file.name);
  if (after.functions.length !== 1) throw new Error(`${FOLDER}/${file.name}.sql defines ${file.name} once, and nothing else.`);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [...drops.map(({ name, args }) => `DROP FUNCTION ${name}(${args});`), file.text];
}

function isOtherResult(error: unknown): false {
  if (error instanceof postgres.PostgresError && error.code === '42P13') return false;
  throw error;
}

/** Old overloads that a changed argument list leaves behind. */
async function staleOverloads(tx: postgres.TransactionSql, name: string, before: Definition[]): Promise<Definition[]> {
  const { functions: now } = await readDefinitions(tx, name);
  return now.length > 1 ? before : [];
}

async function readDefinitions(tx: postgres.TransactionSql, name: string) {
  const triggers = await tx`select pg_get_triggerdef(t.oid) as text from pg_trigger t join pg_proc p on p.oid = t.tgfoid
    where not t.tgisinternal and p.proname = ${name} order by t.tgname, t.tgrelid::regclass::text`;
  return { functions: await functionsIn(tx, name), triggers: triggers.map(({ text }) => String(text)) };
}

/** Functions of the public schema, without those of extensions. */
function functionsIn(tx: postgres.TransactionSql, name: string | null = null) {
  return tx<Definition[]>`
    select p.proname as name, pg_get_function_identity_arguments(p.oid) as args, pg_get_functiondef(p.oid) as text
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and (${name}::text is null or p.proname = ${name})
      and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    order by p.oid`;
}

async function dropsOfTriggers(tx: postgres.TransactionSql, texts: string): Promise<string[]> {
  const declared = new Set([...texts.matchAll(/create or replace trigger (\w+)/gi)].map(([, name]) => name));
  const rows = await tx<{ name: string; table: string }[]>`
    select t.tgname as name, t.tgrelid::regclass::text as table from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace order by 1, 2`;
  const gone = rows.filter(({ name }) => !declared.has(name));
  for (const { name, table } of gone) await tx.unsafe(`DROP TRIGGER ${name} ON ${table}`);
  return gone.map(({ name, table }) => `DROP TRIGGER ${name} ON ${table};`);
}
