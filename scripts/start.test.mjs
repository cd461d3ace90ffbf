import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

/** A checkout without packages and without a build: a start that gets past its checks would install first. */
let checkout;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'credit-mart-checkout-'));
  cpSync('scripts', join(checkout, 'scripts'), { recursive: true });
  writeFileSync(join(checkout, 'package-lock.json'), '{"packages":{}}');
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function start(settings) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [join(checkout, 'scripts/start.mjs')], { env: { PATH, PORT: '0', ...settings } });
  let output = '';
  child.stdout.on('data', (bytes) => (output += bytes));
  child.stderr.on('data', (bytes) => (output += bytes));
  return new Promise((done) => child.on('close', () => done(output)));
}

it('refuses a taken port before it installs or builds anything', async () => {
  const other = createServer();
  await new Promise((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address();
  const output = await start({ PORT: String(port) });
  other.close();
  expect(output).toContain(`Port ${port} is taken by another program`);
  expect(output).not.toContain('Installing');
});

it('refuses a folder from which a market already runs before it installs or builds anything', async () => {
  const running = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'start.mjs'], { stdio: 'ignore' });
  mkdirSync(join(checkout, '.data'));
  writeFileSync(join(checkout, '.data/running.json'), JSON.stringify({ pid: running.pid, settings: {} }));
  const output = await start({});
  running.kill();
  expect(output).toContain('Credit Mart already runs from');
  expect(output).not.toContain('Installing');
});
