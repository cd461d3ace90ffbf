import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EnvError, EnvSource, readEnv } from './env';

const key = Buffer.alloc(32, 7).toString('base64');
const demo = {
  DATABASE_URL: 'postgres://localhost/market',
  VAULT_KEYS: `k1:${key}`,
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_1',
  STRIPE_API_URL: 'http://127.0.0.1:3001',
  REPLICATE_API_URL: 'http://127.0.0.1:3002/',
};
const production = {
  APP_MODE: 'production',
  DATABASE_URL: 'postgres://db/market',
  VAULT_KEYS: `k2:${key},k1:${key}`,
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_1',
  PUBLIC_URL: 'https://market.example/',
  SMTP_URL: 'smtps://mail.example',
  CONTACT_EMAIL: 'people@market.example',
};

function problems(source: Record<string, string>): string[] {
  try {
    readEnv(source);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
}

describe('readEnv', () => {
  it('reads the demo with its defaults, on the loopback address only', () => {
    expect(readEnv(demo)).toMatchObject({
      mode: 'demo',
      role: 'all',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      trustProxy: false,
      stripe: { apiUrl: 'http://127.0.0.1:3001', checkoutOrigin: 'http://127.0.0.1:3001' },
      replicate: { apiUrl: 'http://127.0.0.1:3002' },
    });
  });

  it('reads production: Stripe and Replicate themselves, the newest vault key first', () => {
    const env = readEnv(production);
    expect(env).toMatchObject({
      host: '0.0.0.0',
      publicUrl: 'https://market.example',
      stripe: { apiUrl: null, checkoutOrigin: 'https://checkout.stripe.com' },
    });
    expect(env.contactEmail).toBe('people@market.example');
    expect(env.vaultKeys.map(({ id }) => id)).toEqual(['k2', 'k1']);
    expect(env.appSecret.length).toBeGreaterThanOrEqual(32);
  });

  it('refuses mail and upstreams in clear in production, and takes STARTTLS that is required', () => {
    const said = problems({
      ...production,
      SMTP_URL: 'smtp://mail.example',
      STRIPE_API_URL: 'http://stripe.example',
      REPLICATE_API_URL: 'http://127.0.0.1:3002',
    });
    expect(said.map((line) => line.split(' ')[0])).toEqual(['STRIPE_API_URL', 'REPLICATE_API_URL', 'SMTP_URL']);
    expect(problems({ ...production, SMTP_URL: 'smtp://mail.example:587?requireTLS=true' })).toEqual([]);
    expect(problems({ ...production, SMTP_URL: 'http://mail.example' })).toHaveLength(1);
    expect(problems({ ...demo, SMTP_URL: 'smtp://127.0.0.1:2525' })).toEqual([]);
  });

  it('names everything that production lacks in one go, one sentence each', () => {
    const lines = problems({ APP_MODE: 'production' });
    for (const name of [
      'DATABASE_URL',
      'VAULT_KEYS',
      'STRIPE_SECRET_KEY',
      'STRIPE_WEBHOOK_SECRET',
      'PUBLIC_URL',
      'SMTP_URL',
      'CONTACT_EMAIL',
    ]) {
      expect(lines.filter((line) => line.startsWith(`${name} is missing`))).toHaveLength(1);
    }
  });

  it('wants https in production', () => {
    expect(problems({ ...production, PUBLIC_URL: 'http://market.example' })).toEqual([
      'PUBLIC_URL must begin with https:// in production.',
    ]);
  });

  it('refuses a live Stripe key until it is acknowledged', () => {
    const live = { ...production, STRIPE_SECRET_KEY: 'sk_live_1' };
    expect(problems(live)).toEqual([expect.stringContaining('STRIPE_LIVE_ACK=yes')]);
    expect(problems({ ...live, STRIPE_LIVE_ACK: 'yes' })).toEqual([]);
  });

  it('keeps the demo on its sandboxes unless told otherwise', () => {
    const { STRIPE_API_URL: _stripe, REPLICATE_API_URL: _replicate, ...real } = demo;
    expect(problems(real)).toHaveLength(2);
    expect(problems({ ...real, DEMO_REAL_KEYS: 'yes' })).toEqual([]);
  });

  it('says how a vault key is written', () => {
    expect(problems({ ...demo, VAULT_KEYS: 'k1:short' })).toEqual([expect.stringContaining('openssl rand -base64 32')]);
  });

  it('takes a number of proxies or their addresses', () => {
    expect(readEnv({ ...demo, TRUST_PROXY: '2' }).trustProxy).toBe(2);
    expect(readEnv({ ...demo, TRUST_PROXY: '10.0.0.0/8, loopback' }).trustProxy).toBe('10.0.0.0/8, loopback');
  });

  it('has a crash point in no production process', () => {
    expect(readEnv({ ...production, CRASH_AT: 'x' }).crashAt).toBeUndefined();
  });
});

it('.env.example names what the schema reads, with the same defaults', () => {
  const lines = readFileSync('.env.example', 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));
  const example = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  expect(Object.keys(example).sort()).toEqual(Object.keys(EnvSource.shape).sort());
  expect(EnvSource.parse(Object.fromEntries(Object.entries(example).filter(([, value]) => value !== '')))).toEqual(EnvSource.parse({}));
});

it('the README describes every variable that the schema reads, and no other', () => {
  const named = [...readFileSync('README.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(EnvSource.shape).sort());
});
