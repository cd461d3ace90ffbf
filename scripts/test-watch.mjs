// `npm run test:watch`: unit tests again after each change. `npm run test:watch -- db tests/db/offers` watches those of another part.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

process.chdir(resolve(import.meta.dirname, '..'));
const DATABASES = {
  unit: 'none',
  sandbox: 'none',
  db: 'an embedded PostgreSQL for this run alone, removed at its end',
  sim: 'an embedded PostgreSQL for this run alone, removed at its end',
  e2e: 'an embedded PostgreSQL for this run alone, removed at its end',
};
const [first = 'unit', ...rest] = process.argv.slice(2);
const [part, filters] = first in DATABASES ? [first, rest] : ['unit', [first, ...rest]];
process.stdout.write(`Watching the ${part} tests. Database: ${DATABASES[part]}\n`);
const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'watch', '--project', part, ...filters], { stdio: 'inherit' });
process.on('SIGINT', () => {});
child.on('exit', (code) => process.exit(code ?? 1));
