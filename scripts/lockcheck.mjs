// Fails when the lock file lacks an optional (platform) package that one of its packages names: such a lock breaks `npm ci` elsewhere.
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
const names = Object.keys(lock);
const missing = Object.entries(lock).flatMap(([path, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !names.some((known) => known.endsWith(`node_modules/${name}`)))
    .map(([name, range]) => `${path || 'root'}@${entry.version} -> ${name}@${range}`),
);
for (const line of missing) process.stderr.write(`missing: ${line}\n`);
process.exit(missing.length > 0 ? 1 : 0);
