// `npm test`: everything, on a bare checkout. With arguments only those parts: unit, sandbox, db, sim, e2e.
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkNode, install, needsInstall } from './install.mjs';
import { canFind, findSecrets } from './log-secrets.mjs';
import { Stop } from './stop.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
const PARTS = ['unit', 'sandbox', 'db', 'sim', 'e2e'];
/** Of the log, in a run of everything. */
const FEWEST_LINES = 300;
const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) end(1, `There is no part named ${unknown.join(', ')}: choose among ${PARTS.join(', ')}.`);

const totals = { passed: 0, failed: 0 };
try {
  checkNode();
  if (needsInstall()) {
    say('Installing packages …');
    await install();
  }
  await runAll();
} catch (error) {
  totals.failed += 1;
  process.stderr.write(`${error instanceof Stop ? error.message : error?.stack}\n`);
}
end(totals.failed > 0 ? 1 : 0, `${totals.passed} passed, ${totals.failed} failed`);

async function runAll() {
  const { runChecks } = await import('./verify.mjs');
  const { runTests } = await import('./vitest-report.mjs');
  const rows = [];
  const logs = collectLogs();
  const run = async (part) => {
    const extra = part === 'e2e' ? await browserFor(rows) : {};
    if (!extra) return;
    const { passed, failed } = await runTests(part, extra);
    totals.passed += passed;
    totals.failed += failed;
    rows.push([part, `${passed} passed, ${failed} failed`]);
  };
  const parts = asked.length > 0 ? PARTS.filter((name) => asked.includes(name)) : [...PARTS];
  if (asked.length === 0) {
    say('Checks, and beside them the tests that need no database');
    const failed = await runChecks(async () => {
      for (const part of parts.splice(0, 2)) await run(part);
    });
    totals.failed += failed;
    rows.unshift(['checks', failed === 0 ? 'all passed' : `${failed} failed`]);
  }
  for (const part of parts) await run(part);
  checkLogs(logs, rows);
  say(`\n${rows.map(([part, result]) => `${part.padEnd(9)}${result}`).join('\n')}\n`);
}

/** Everything that the application logs during the tests comes into one folder. */
function collectLogs() {
  const folder = resolve(`test-results/logs-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  process.env.TEST_LOG_DIR = folder;
  return folder;
}

/** The last test of all: no secret stands in what was logged. Too little logged, or a search that finds nothing planted, fails, too. */
function checkLogs(folder, rows) {
  if (asked.length > 0 && !existsSync(folder)) return;
  const { lines, noted, findings } = findSecrets(folder);
  const problems = findings.slice(0, 20).map(({ file, line, what }) => `${join(folder, file)}:${line} holds ${what}`);
  if (!canFind(folder)) problems.push('The search does not find secrets that were planted for it.');
  const everything = asked.length === 0 && !rows.some(([part, result]) => part === 'e2e' && result.startsWith('not run'));
  if (everything && lines < FEWEST_LINES) problems.push(`Only ${lines} lines were logged: that proves nothing.`);
  totals[problems.length === 0 ? 'passed' : 'failed'] += 1;
  rows.push([
    'logs',
    problems.length === 0 ? `no secret in ${lines} lines, ${noted} were looked for by name` : problems.join('\n         '),
  ]);
  if (problems.length === 0) rmSync(folder, { recursive: true, force: true });
}

async function browserFor(rows) {
  const { BROWSER_HELP, findBrowser } = await import('./browser.mjs');
  const path = await findBrowser();
  if (path) return { CHROMIUM_PATH: path };
  if (process.env.CI === 'true') throw new Stop(BROWSER_HELP);
  rows.push(['e2e', `not run. ${BROWSER_HELP}`]);
  return null;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

/** The totals are the very last line, alone on it. */
function end(code, line) {
  say(line);
  process.exit(code);
}
