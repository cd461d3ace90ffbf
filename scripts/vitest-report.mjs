// Runs one Vitest project and counts from the runner's own report.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

/** @returns {Promise<{ passed: number, failed: number }>} a file that fails to load counts as one failure */
export async function runTests(project, env = {}) {
  const report = `test-results/${project}.json`;
  mkdirSync('test-results', { recursive: true });
  rmSync(report, { force: true });
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const code = await new Promise((done) =>
    spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } }).on('exit', done),
  );
  if (!existsSync(report)) return { passed: 0, failed: code === 0 ? 0 : 1 };
  return count(JSON.parse(readFileSync(report, 'utf8')), code);
}

function count(report, code) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = report.numFailedTests + broken.length;
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}
