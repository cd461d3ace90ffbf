// `npm test`: everything, on a bare checkout. With arguments only those parts: unit, sandbox, db, sim, e2e.
import { resolve } from 'node:path';
import { checkNode, install, needsInstall } from './install.mjs';
import { Stop } from './stop.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
const PARTS = ['unit', 'sandbox', 'db', 'sim', 'e2e'];
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
  if (asked.length === 0) {
    say('Checks');
    const failed = await runChecks();
    totals.failed += failed;
    rows.push(['checks', failed === 0 ? 'all passed' : `${failed} failed`]);
  }
  for (const part of asked.length > 0 ? PARTS.filter((name) => asked.includes(name)) : PARTS) {
    const extra = part === 'e2e' ? await browserFor(rows) : {};
    if (!extra) continue;
    const { passed, failed } = await runTests(part, extra);
    totals.passed += passed;
    totals.failed += failed;
    rows.push([part, `${passed} passed, ${failed} failed`]);
  }
  say(`\n${rows.map(([part, result]) => `${part.padEnd(9)}${result}`).join('\n')}\n`);
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
