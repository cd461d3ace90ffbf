import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startProcess, untilHealthy, type RunningProcess } from '../../scripts/children.mjs';
import { freePort } from '../../scripts/postgres.mjs';
import { cloneTemplate, type TestDatabase } from '~tests/setup/clone';
import { cloneDatabase } from '~tests/setup/database';
import { logLevel, logsFolder, rememberSecrets } from '~tests/setup/logged';

const run = promisify(execFile);
const running: RunningProcess[] = [];
const databases: TestDatabase[] = [];
let folder: string;
let env: Record<string, string>;

interface Address {
  site: string;
  metrics: string;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credit-mart-operations-'));
  const database = await cloneDatabase();
  databases.push(database);
  const secrets = { vault: randomBytes(32).toString('base64'), stripe: `sk_test_${randomBytes(16).toString('hex')}` };
  rememberSecrets(...Object.values(secrets));
  env = {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'production',
    APP_MODE: 'demo',
    DATABASE_URL: database.url,
    PUBLIC_URL: 'http://127.0.0.1:1',
    VAULT_KEYS: `k1:${secrets.vault}`,
    STRIPE_SECRET_KEY: secrets.stripe,
    STRIPE_WEBHOOK_SECRET: 'whsec_operations1',
    // These tests do not use it.
    STRIPE_API_URL: 'http://127.0.0.1:1',
    REPLICATE_API_URL: 'http://127.0.0.1:1',
    LOG_LEVEL: logLevel('error'),
  };
});
afterAll(async () => {
  for (const each of running) await each.stop();
  for (const database of databases) await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function start(role: 'web' | 'gateway' | 'worker', more: Record<string, string> = {}): Promise<Address> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const name = role === 'worker' ? 'worker' : 'server';
  const own = { ROLE: role, PORT: String(port), METRICS_PORT: String(metricsPort), ...more };
  const started = startProcess({ name, env: { ...env, ...own }, logs: logsFolder(join(folder, role)) });
  running.push(started);
  const address = { site: `http://127.0.0.1:${port}`, metrics: `http://127.0.0.1:${metricsPort}` };
  await untilHealthy(started, `${address.metrics}/readyz`);
  return address;
}

const fetchStatus = async (url: string, method = 'GET') => (await fetch(url, { method, redirect: 'manual' })).status;
const fetchText = async (url: string) => (await fetch(url)).text();

describe('processes with one role', () => {
  it('serve only their own routes; metrics are on a separate port', async () => {
    const [web, gateway, worker] = await Promise.all([start('web'), start('gateway'), start('worker')]);
    expect(await fetchStatus(`${web.site}/listings`)).toBe(200);
    expect(await fetchStatus(`${web.site}/api/v1/listings`)).toBe(200);
    expect(await fetchStatus(`${web.site}/webhooks/stripe`, 'POST')).toBe(400);
    expect(await fetchStatus(`${web.site}/gateway/replicate/v1/account`)).toBe(404);

    expect(await fetchStatus(`${gateway.site}/gateway/replicate/v1/account`)).toBe(401);
    expect(await fetchStatus(`${gateway.site}/readyz`)).toBe(200);
    for (const path of ['/', '/listings', '/api/v1/listings', '/assets/x.js']) expect(await fetchStatus(gateway.site + path)).toBe(404);
    expect(await fetchStatus(`${gateway.site}/webhooks/stripe`, 'POST')).toBe(404);

    for (const { site } of [web, gateway]) expect(await fetchStatus(`${site}/metrics`)).toBe(404);
    expect(await fetchText(`${web.metrics}/metrics`)).toMatch(
      /credit_mart_http_request_seconds_count\{role="web",route="\/listings",method="GET",status="2xx"\} 1\n/,
    );
    expect(await fetchStatus(`${gateway.site}/gateway/replicate/v1/predictions`, 'POST')).toBe(401);
    const told = await fetchText(`${gateway.metrics}/metrics`);
    expect(told).toContain('route="/gateway/replicate/v1/account",method="GET",status="4xx"} 1\n');
    expect(told).toContain('credit_mart_gateway_creates_total{outcome="bad_key",role="gateway"} 1\n');
    expect(await fetchText(`${worker.metrics}/metrics`)).toMatch(/credit_mart_workers\{role="worker"\} 1/);
    expect(await fetchText(`${web.metrics}/readyz`)).toMatch(/^ready\n(.*\n)*worker: (ok|warning)/);
  });
});

describe('operator commands', () => {
  it('rotate the keys, back up the market and restore it elsewhere, where it serves', async () => {
    const command = (name: string, args: string[], more: Record<string, string> = {}) =>
      run(process.execPath, [join('build', 'node', `${name}.js`), ...args], {
        env: { ...env, NODE_ENV: 'production', LOG_LEVEL: 'error', ...more },
      });
    const both = { VAULT_KEYS: `k2:${randomBytes(32).toString('base64')},${env.VAULT_KEYS}` };
    expect((await command('rotate-vault-keys', [], both)).stdout).toContain('The current key is k2.');

    const file = join(folder, 'market.gz');
    expect((await command('backup', [file])).stdout).toMatch(/^Database: .+\n\d+ rows of \d+ tables/);
    await expect(command('restore', [file])).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('not empty') as string });
    const target = await cloneTemplate({ adminUrl: inject('postgres').adminUrl, template: 'template0' });
    databases.push(target);
    expect((await command('restore', [file], { TARGET_DATABASE_URL: target.ownerUrl })).stdout).toContain('All invariants hold.');
    const restored = await start('web', { DATABASE_URL: target.url });
    expect(await fetchStatus(`${restored.site}/listings`)).toBe(200);
  });
});
