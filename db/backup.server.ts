import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import postgres from 'postgres';
import { knownMigrations } from './migrations.server';

export const FORMAT = 1;

/** The first line of a backup. */
export interface BackupHeader {
  creditMartBackup: typeof FORMAT;
  takenAt: string;
  /** Tags of the migrations that the database had, oldest first. */
  migrations: string[];
  /** Version of the job queue's own tables. */
  queueVersion: number;
}

/** Before the rows of a table, which are in Postgres' COPY text format and end with a line `\.`. */
export interface TableStart {
  table: string;
  columns: string[];
}

/** After the last table. */
export interface SequenceValue {
  sequence: string;
  last: string;
}

/** The last line. A file without it is incomplete. */
export interface BackupEnd {
  end: true;
  tables: number;
  rows: number;
}

/**
 * Writes a consistent snapshot of the whole database to one file while the market runs. The file is compressed, readable by its owner
 * only, and gets its name only when complete.
 * It holds the names of the migrations instead of the schema. Secrets stay encrypted: the vault's keys are not in it.
 */
export async function backUp(databaseUrl: string, file: string): Promise<BackupEnd & { takenAt: string }> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => undefined, connection: { application_name: 'credit-mart-backup' } });
  const partial = `${file}.partial`;
  try {
    return await client.begin('isolation level repeatable read read only', async (tx) => {
      const count = { tables: 0, rows: 0 };
      const header = await readHeader(tx);
      const target = createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true });
      await pipeline(Readable.from(linesOf(tx, header, count)), createGzip({ level: 6 }), target);
      await rename(partial, file);
      return { ...count, end: true as const, takenAt: header.takenAt };
    });
  } catch (error) {
    if (!isExisting(error)) await rm(partial, { force: true });
    throw error;
  } finally {
    await client.end({ timeout: 5 });
  }
}

const isExisting = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EEXIST';

async function readHeader(tx: postgres.TransactionSql): Promise<BackupHeader> {
  const applied = await tx<{ created_at: string }[]>`select created_at from drizzle.__drizzle_migrations`;
  const times = new Set(applied.map((row) => Number(row.created_at)));
  const known = knownMigrations();
  if (times.size !== known.length || !known.every(({ when }) => times.has(when)))
    throw new Error('The database has other migrations than this version of the code: use the version that runs on it');
  const [queue] = await tx<{ id: number }[]>`select max(id)::integer as id from graphile_worker.migrations`;
  const [now] = await tx<{ now: Date }[]>`select now() as now`;
  return {
    creditMartBackup: FORMAT,
    takenAt: (now?.now ?? new Date(0)).toISOString(),
    migrations: known.map(({ tag }) => tag),
    queueVersion: queue?.id ?? 0,
  };
}

async function* linesOf(tx: postgres.TransactionSql, header: BackupHeader, count: { tables: number; rows: number }) {
  yield line(header);
  for (const start of await readTables(tx)) {
    yield line(start);
    const columns = start.columns.map((name) => `"${name}"`).join(', ');
    const source = await tx.unsafe(`copy ${start.table} (${columns}) to stdout`).readable();
    for await (const bytes of source) {
      const rows = bytes as Buffer;
      for (let at = rows.indexOf(10); at >= 0; at = rows.indexOf(10, at + 1)) count.rows += 1;
      yield rows;
    }
    // The driver pauses when we are slow, and does not resume if the last rows arrived just then.
    source._read(0);
    yield '\\.\n';
    count.tables += 1;
  }
  const sequences = await tx<{ name: string; last: string }[]>`
    select format('%I.%I', schemaname, sequencename) as name, last_value::text as last from pg_sequences
    where schemaname in ('public', 'graphile_worker') and last_value is not null order by 1`;
  for (const { name, last } of sequences) yield line({ sequence: name, last } satisfies SequenceValue);
  yield line({ end: true, ...count } satisfies BackupEnd);
}

const line = (value: object) => `${JSON.stringify(value)}\n`;

/** All tables of the market and its job queue, referenced tables first, without generated columns. */
async function readTables(tx: postgres.TransactionSql): Promise<TableStart[]> {
  const tables = await tx<{ table: string; columns: string[]; needs: string[] }[]>`
    select format('%I.%I', n.nspname, c.relname) as table,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      coalesce((select array_agg(distinct format('%I.%I', fn.nspname, f.relname)) from pg_constraint k
        join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid), '{}') as needs
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('public', 'graphile_worker') and c.relname <> 'migrations'
      and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by 1`;
  const sorted: TableStart[] = [];
  const done = new Set<string>();
  while (sorted.length < tables.length) {
    const ready = tables.filter(({ table, needs }) => !done.has(table) && needs.every((need) => done.has(need)));
    if (ready.length === 0) throw new Error('Tables name one another in a circle: they cannot be restored one by one');
    for (const { table, columns } of ready) {
      sorted.push({ table, columns });
      done.add(table);
    }
  }
  return sorted;
}
