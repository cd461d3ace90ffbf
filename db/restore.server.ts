import { createReadStream } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import postgres from 'postgres';
import { FORMAT, type BackupEnd, type BackupHeader, type SequenceValue, type TableStart } from './backup.server';
import { knownMigrations, migrateDatabase } from './migrations.server';

const CUT_SHORT = 'The file is damaged or was cut short: nothing was restored.';
/** Characters sent to the server at a time. */
const CHUNK = 64 * 1024;

/** A problem that an operator can solve, in one sentence. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError';
}

/**
 * Restores a backup into an empty database: the schema of that time, then all rows in one transaction with all constraints, then newer
 * migrations. Running jobs become available again. It restores everything or nothing.
 * `databaseUrl` is the owner's; the user of `appUrl` gets the application's rights.
 * @throws RestoreError if the database is not empty, or the file is incomplete, no backup, or of a newer version.
 */
export async function restore(databaseUrl: string, file: string, appUrl?: string): Promise<BackupHeader & BackupEnd> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => undefined, connection: { application_name: 'credit-mart-restore' } });
  try {
    await refuseUsed(client);
    const lines = linesOf(file);
    const header = readHeader((await lines.next()).value);
    await migrateTo(databaseUrl, header);
    const end = await client.begin((tx) => load(tx, lines));
    await migrateDatabase(databaseUrl, { appUrl });
    await client`analyze`;
    return { ...header, ...end };
  } catch (error) {
    throw isDamaged(error) ? new RestoreError(CUT_SHORT) : error;
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function refuseUsed(client: postgres.Sql): Promise<void> {
  const [found] = await client`
    select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('public', 'graphile_worker', 'drizzle') limit 1`;
  if (found) throw new RestoreError('The database is not empty: a backup is restored into an empty one only. Create a new one for it.');
}

/** Splits at line feeds only: rows may hold other characters that some readers take for line ends. */
async function* linesOf(file: string): AsyncGenerator<string, undefined> {
  const source = createReadStream(file);
  const text = source.pipe(createGunzip());
  source.on('error', (error) => text.destroy(error));
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of text) {
    const all = Buffer.concat([rest, bytes as Buffer]);
    let from = 0;
    for (let at = all.indexOf(10); at >= 0; at = all.indexOf(10, from)) {
      yield all.toString('utf8', from, at);
      from = at + 1;
    }
    rest = all.subarray(from);
  }
  return undefined;
}

const isDamaged = (error: unknown) =>
  error instanceof SyntaxError || (error instanceof Error && 'code' in error && /^Z_|^ERR_STREAM_PREMATURE/.test(String(error.code)));

function readHeader(line: string | undefined): BackupHeader {
  const header = JSON.parse(line ?? '') as Partial<BackupHeader>;
  if (header.creditMartBackup !== FORMAT) throw new RestoreError('This is no backup of a market, or one of a newer version.');
  const known = knownMigrations().map(({ tag }) => tag);
  const { migrations = [] } = header;
  if (!migrations.every((tag, index) => known[index] === tag))
    throw new RestoreError('The backup was made by a newer version of the code: restore it with that one.');
  return header as BackupHeader;
}

/** Brings the empty database to the schema of the rows. */
async function migrateTo(databaseUrl: string, { migrations }: BackupHeader): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'credit-mart-migrations-'));
  try {
    await cp(resolve('migrations'), folder, { recursive: true });
    const path = join(folder, 'meta/_journal.json');
    const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: unknown[] };
    await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, migrations.length) }));
    await migrateDatabase(databaseUrl, { folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function load(tx: postgres.TransactionSql, lines: AsyncGenerator<string, undefined>): Promise<BackupEnd> {
  const loaded: string[] = [];
  let rows = 0;
  for (;;) {
    const { value: line } = await lines.next();
    if (line === undefined) throw new RestoreError(CUT_SHORT);
    const part = JSON.parse(line) as TableStart | SequenceValue | BackupEnd;
    if ('table' in part) {
      rows += await loadTable(tx, part, lines);
      loaded.push(part.table);
    } else if ('sequence' in part) {
      await tx`select setval(${part.sequence}::regclass, ${part.last}::bigint)`;
    } else {
      if (part.rows !== rows || part.tables !== loaded.length) throw new RestoreError('The file lacks rows: nothing was restored.');
      await freeJobs(tx);
      for (const table of loaded) await tx.unsafe(`alter table ${table} enable trigger user`);
      return part;
    }
  }
}

/** Foreign keys and checks stay on. Our own triggers are off: they would refuse history, or act on it again. */
async function loadTable(
  tx: postgres.TransactionSql,
  { table, columns }: TableStart,
  lines: AsyncGenerator<string, undefined>,
): Promise<number> {
  await tx.unsafe(`alter table ${table} disable trigger user`);
  await tx.unsafe(`delete from ${table}`);
  const names = columns.map((name) => `"${name}"`).join(', ');
  const target = await tx.unsafe(`copy ${table} (${names}) from stdin`).writable();
  const over = finished(target);
  over.catch(() => undefined);
  const rows = await copyRows(lines, target).catch(async (error: unknown) => {
    target.destroy();
    await over.catch(() => undefined);
    throw error;
  });
  target.end();
  // COPY itself would wait forever on rows that do not fit; the next statement reports them.
  await sleep(0);
  const refused = (cause: unknown) => Promise.reject(new RestoreError(`The rows of ${table} do not fit: nothing was restored.`, { cause }));
  await Promise.race([over, tx`select 1`.catch(refused)]);
  await over;
  return rows;
}

/** Sends the rows of one table, up to its end line. Returns how many. */
async function copyRows(lines: AsyncGenerator<string, undefined>, target: Writable): Promise<number> {
  const write = (text: string) => new Promise<void>((done, fail) => target.write(text, (error) => (error ? fail(error) : done())));
  let rows = 0;
  let waiting = '';
  for (;;) {
    const { value: line } = await lines.next();
    if (line === undefined) throw new RestoreError(CUT_SHORT);
    if (line === '\\.') break;
    rows += 1;
    waiting += `${line}\n`;
    if (waiting.length < CHUNK) continue;
    await write(waiting);
    waiting = '';
  }
  if (waiting !== '') await write(waiting);
  return rows;
}

/** Releases jobs that a worker of the old market had locked. */
async function freeJobs(tx: postgres.TransactionSql): Promise<void> {
  await tx`update graphile_worker._private_jobs set locked_at = null, locked_by = null where locked_at is not null`;
  await tx`update graphile_worker._private_job_queues set locked_at = null, locked_by = null where locked_at is not null`;
}
