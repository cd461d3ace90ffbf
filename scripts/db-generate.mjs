// `npm run db:generate -- --name what-changed`: a migration for what has changed in db/schema and in db/functions.
import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

process.chdir(resolve(import.meta.dirname, '..'));
const { missingFunctionMigration } = await import('./functions.mjs');
const before = migrations();
kit('generate', ...process.argv.slice(2));
const [forTables] = added();
const forFunctions = await missingFunctionMigration();
if (forFunctions !== null) {
  if (forTables) appendFileSync(forTables, `\n--> statement-breakpoint\n${forFunctions}`);
  else {
    kit('generate', '--custom', ...process.argv.slice(2));
    const [file] = added();
    if (file) writeFileSync(file, forFunctions);
  }
  process.stdout.write('The migration holds the functions that changed in db/functions.\n');
}

function migrations() {
  return readdirSync('migrations').filter((file) => file.endsWith('.sql'));
}

function added() {
  return migrations()
    .filter((file) => !before.includes(file))
    .map((file) => join('migrations', file));
}

function kit(...args) {
  const { status } = spawnSync(process.execPath, ['node_modules/drizzle-kit/bin.cjs', ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
