import { sayDatabase } from '~db/database-name';
import { backUp } from '~db/backup.server';
import { databaseProblem } from '~db/migrations.server';

/** `npm run backup -- <file>`: everything in the database into one compressed file, while the market runs. */
async function main(file: string | undefined): Promise<void> {
  const url = process.env.DATABASE_URL ?? '';
  if (!file) throw new Error('Say where to: npm run backup -- market.backup.gz');
  if (url === '') throw new Error('DATABASE_URL is missing: set it to the database to back up.');
  sayDatabase(url);
  const { tables, rows, takenAt } = await backUp(url, file);
  process.stdout.write(`${rows} rows of ${tables} tables as of ${takenAt} stand in ${file}. Keep VAULT_KEYS apart from it.\n`);
}

main(process.argv[2]).catch((error: unknown) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const sentence =
    code === 'EEXIST'
      ? 'Another backup writes to this file, or was killed while it did: remove the file that ends in .partial, or choose another name.'
      : (databaseProblem(error, process.env.DATABASE_URL ?? '') ?? (error instanceof Error ? error.message : 'No backup was made.'));
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
});
