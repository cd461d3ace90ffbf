// Fails when db/schema says something that no migration brings about: generating on a copy of the migrations must add nothing.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

mkdirSync('node_modules/.cache', { recursive: true });
const copy = mkdtempSync(join('node_modules/.cache', 'migrations-'));
cpSync('migrations', copy, { recursive: true });
const before = readdirSync(copy).length;
const args = [
  'node_modules/drizzle-kit/bin.cjs',
  'generate',
  '--dialect',
  'postgresql',
  '--schema',
  './db/schema/*.ts',
  '--out',
  relative('.', copy),
];
const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
const added = readdirSync(copy).length - before;
rmSync(copy, { recursive: true });
if (status !== 0 || added > 0) {
  process.stderr.write(
    status === 0
      ? 'The tables in db/schema have changed: run `npm run db:generate -- --name what-changed` and commit the migration.\n'
      : stdout + stderr,
  );
  process.exit(1);
}
