import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '~/platform/context';

/** Tables that may change: counters of attempts, and visitors' stored input. */
const mayMove = ['public.rate_limits', 'public.kept_forms'];

export type Fingerprint = Record<string, string>;

/** A digest of all rows for each table: two are equal only if nothing changed in between. */
export async function fingerprints(db: Db): Promise<() => Promise<Fingerprint>> {
  const tables = await db.execute<{ name: string }>(
    sql`select table_schema || '.' || table_name as name from information_schema.tables
        where table_type = 'BASE TABLE' and (table_schema = 'public' or (table_schema, table_name) = ('graphile_worker', '_private_jobs'))`,
  );
  const statement = sql.join(
    tables.flatMap(({ name }) => (mayMove.includes(name) ? [] : [digestTable(name)])),
    sql` union all `,
  );
  return async () => {
    const digests = await db.execute<{ name: string; digest: string | null }>(statement);
    return Object.fromEntries(digests.map(({ name, digest }) => [name, digest ?? 'empty']));
  };
}

function digestTable(table: string): SQL {
  return sql.raw(`select '${table}' as name, md5(string_agg(t::text, '|' order by t::text)) as digest from ${table} t`);
}
