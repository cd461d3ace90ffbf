// `npm run verify`: every check that needs no database.
import { pathToFileURL } from 'node:url';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { checkNode, install, needsInstall } from './install.mjs';
import { runTests } from './vitest-report.mjs';

const bin = (path) => ['node_modules', path].join('/');
const CHECKS = [
  ['types', [bin('typescript-native/bin/tsc'), '--noEmit', '-p', '.']],
  ['lint', [bin('oxlint/bin/oxlint'), '.']],
  [
    'format',
    [
      bin('prettier/bin/prettier.cjs'),
      '--check',
      '--log-level',
      'warn',
      '--cache',
      '--cache-location',
      'node_modules/.cache/prettier-check',
      '.',
    ],
  ],
  [
    'dependency rule',
    [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      'app',
      'db',
      'sandbox',
      'tests',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
    ],
  ],
  ['unused files and packages', [bin('knip/bin/knip.js'), '--no-progress']],
  ['lock file', ['scripts/lockcheck.mjs']],
  ['migrations match the schema', ['scripts/db-check.mjs']],
];

/**
 * Runs the checks, as many at a time as there are cores, and other work beside them: they leave a core idle while lint ends.
 *
 * @param {() => Promise<unknown>} [alongside]
 * @returns {Promise<number>} how many failed
 */
export async function runChecks(alongside = async () => {}) {
  const waiting = [...CHECKS];
  let failed = 0;
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) if (!(await check(...next))) failed += 1;
  };
  await Promise.all([alongside(), ...Array.from({ length: Math.min(availableParallelism(), 4) }, work)]);
  return failed;
}

function check(name, args) {
  const from = Date.now();
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, FORCE_COLOR: '0' } });
    let output = '';
    child.stdout.on('data', (bytes) => (output += bytes));
    child.stderr.on('data', (bytes) => (output += bytes));
    child.on('exit', (code) => {
      const seconds = (Date.now() - from) / 1_000;
      const ok = code === 0;
      process.stdout.write(`  ${ok ? 'ok    ' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)\n`);
      if (!ok) process.stdout.write(`${output.trimEnd()}\n\n`);
      done(ok);
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.chdir(resolve(import.meta.dirname, '..'));
  checkNode();
  if (needsInstall()) await install();
  let unit;
  const failedChecks = await runChecks(async () => (unit = await runTests('unit')));
  process.stdout.write(`\n${unit.passed} unit tests passed, ${unit.failed} failed; ${failedChecks} checks failed\n`);
  process.exit(failedChecks + unit.failed > 0 ? 1 : 0);
}
