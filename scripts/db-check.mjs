// Fails if the migrations do not produce db/schema and db/functions, or if a migration does nothing.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { missingFunctionMigration } from './functions.mjs';

const GENERATE = 'run `npm run db:generate -- --name what-changed` and commit the migration.';

const problems = [...emptyMigrations(), ...schemaProblems()];
if (problems.length === 0 && (await missingFunctionMigration()) !== null)
  problems.push(
    `The functions in db/functions differ from those that the migrations make. Change them in db/functions only, then ${GENERATE}`,
  );
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
process.exit(0);

function emptyMigrations() {
  return readdirSync('migrations')
    .filter((file) => file.endsWith('.sql'))
    .filter((file) => readFileSync(join('migrations', file), 'utf8').replace(/--.*$/gm, '').trim() === '')
    .map((file) => `migrations/${file} does nothing: write what it is for, or take it out with its lines in migrations/meta.`);
}

/** Generating into a copy of the migrations must add no file. */
function schemaProblems() {
  mkdirSync('node_modules/.cache', { recursive: true });
  const copy = mkdtempSync(join('node_modules/.cache', 'migrations-'));
  cpSync('migrations', copy, { recursive: true });
  const before = readdirSync(copy).length;
  const args = ['generate', '--dialect', 'postgresql', '--schema', './db/schema/*.ts', '--out', relative('.', copy)];
  const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/drizzle-kit/bin.cjs', ...args], { encoding: 'utf8' });
  const added = readdirSync(copy).length - before;
  rmSync(copy, { recursive: true });
  if (status !== 0) return [stdout + stderr];
  return added > 0 ? [`The tables in db/schema have changed: ${GENERATE}`] : [];
}
