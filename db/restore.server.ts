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
/** Characters handed to the server at a time. */
const CHUNK = 64 * 1024;

/** Something that an operator can mend, in one sentence. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError';
}

/**
 * Puts a backup into an empty database: first the schema as it was then, then all rows in one block with every constraint checked, then the
 * migrations that have come since. Jobs that were under way are free to be taken up. It is all there at the end, or nothing is.
 * `databaseUrl` is the owner's of the empty database; the user of `appUrl` gets the rights of the application.
 * @throws RestoreError when the database is not empty, or the file is cut short, no backup, or of a newer version.
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

/** Ends a line at a line feed and nowhere else: rows may hold every other sign that some readers take for an end. */
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

/** Brings the empty database to the schema that the rows were written in. */
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

/** Foreign keys and checks hold as ever; our own triggers would refuse history, or act on it once more. */
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
  // Rows that do not fit are told of only by the statement after them: the copy itself would wait for ever.
  await sleep(0);
  const refused = (cause: unknown) => Promise.reject(new RestoreError(`The rows of ${table} do not fit: nothing was restored.`, { cause }));
  await Promise.race([over, tx`select 1`.catch(refused)]);
  await over;
  return rows;
}

/** Hands the rows of one table to the server, up to the line that ends them; answers how many. */
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

/** What a worker of the old market had in hand, a worker of the new one may take. */
async function freeJobs(tx: postgres.TransactionSql): Promise<void> {
  await tx`update graphile_worker._private_jobs set locked_at = null, locked_by = null where locked_at is not null`;
  await tx`update graphile_worker._private_job_queues set locked_at = null, locked_by = null where locked_at is not null`;
}
