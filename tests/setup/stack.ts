import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/postgres.mjs';
import { startProcess, untilHealthy, type RunningProcess } from '../../scripts/children.mjs';
import { cloneDatabase } from './database';

type Part = 'server' | 'stripe-sandbox' | 'replicate-sandbox';

export interface Stack {
  baseUrl: string;
  /** The base URL of a Replicate client. */
  gatewayUrl: string;
  stripeUrl: string;
  replicateUrl: string;
  databaseUrl: string;
  /** What every process of the stack was given; enough for `readEnv` in the test's own process. */
  env: Record<string, string>;
  /** Ends one part at once, as a power cut would. */
  kill(part: Part): Promise<void>;
  /** Ends one part as an operator would. */
  halt(part: Part): Promise<void>;
  /** Starts a part that was ended, or that ended itself, on the same ports and data; `env` adds to its environment. */
  start(part: Part, env?: Record<string, string>): Promise<void>;
  /** Resolves when a part has ended by itself, such as at a crash point. */
  ended(part: Part): Promise<void>;
  stop(): Promise<void>;
}

const letters = (bytes: number) => randomBytes(bytes).toString('hex');

/**
 * The whole application as it ships (build/node, build/server) with both sandboxes, on free ports and a database of its own.
 * Call it in a beforeAll; stop it in the afterAll.
 */
export async function startStack(extra: Record<string, string> = {}): Promise<Stack> {
  const database = await cloneDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'credit-mart-e2e-'));
  const [web, stripe, replicate] = [await freePort(), await freePort(), await freePort()];
  const env = { ...stackEnv(folder, database.url, { web, stripe, replicate }), ...extra };
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const health: Record<Part, string> = {
    server: `${url(web)}/readyz`,
    'stripe-sandbox': `${url(stripe)}/_sandbox/health`,
    'replicate-sandbox': `${url(replicate)}/_sandbox/health`,
  };
  const running = new Map<Part, RunningProcess>();
  const start = async (part: Part, more: Record<string, string> = {}) => {
    const started = startProcess({
      name: part,
      env: { ...inherited(), ...env, ...more },
      logs: join(folder, 'logs'),
      onTrouble: reportTrouble,
    });
    running.set(part, started);
    await untilHealthy(started, health[part]);
  };
  const stop = async () => {
    for (const part of ['server', 'stripe-sandbox', 'replicate-sandbox'] as const) await running.get(part)?.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([start('stripe-sandbox'), start('replicate-sandbox')]);
    await start('server');
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    baseUrl: url(web),
    gatewayUrl: `${url(web)}/gateway/replicate/v1`,
    stripeUrl: url(stripe),
    replicateUrl: url(replicate),
    databaseUrl: database.url,
    env,
    start,
    stop,
    kill: async (part) => {
      running.get(part)?.child.kill('SIGKILL');
      await running.get(part)?.ended;
    },
    halt: async (part) => running.get(part)?.stop(),
    ended: async (part) => {
      await running.get(part)?.ended;
    },
  };
}

function stackEnv(folder: string, databaseUrl: string, ports: { web: number; stripe: number; replicate: number }): Record<string, string> {
  const secretKey = `sk_test_${letters(16)}`;
  const webhookSecret = `whsec_${letters(16)}`;
  return {
    APP_MODE: 'demo',
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl,
    PORT: String(ports.web),
    PUBLIC_URL: `http://127.0.0.1:${ports.web}`,
    VAULT_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    APP_SECRET: letters(32),
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_URL: `http://127.0.0.1:${ports.stripe}`,
    REPLICATE_API_URL: `http://127.0.0.1:${ports.replicate}`,
    STRIPE_SANDBOX_PORT: String(ports.stripe),
    STRIPE_SANDBOX_JOURNAL: join(folder, 'stripe-sandbox.journal'),
    STRIPE_SANDBOX_SECRET_KEY: secretKey,
    STRIPE_SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${ports.web}/webhooks/stripe`,
    STRIPE_SANDBOX_WEBHOOK_SECRET: webhookSecret,
    REPLICATE_SANDBOX_PORT: String(ports.replicate),
    REPLICATE_SANDBOX_JOURNAL: join(folder, 'replicate-sandbox.journal'),
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
  };
}

function inherited(): Record<string, string> {
  const { PATH = '', HOME = '', TZ } = process.env;
  return { PATH, HOME, ...(TZ ? { TZ } : {}) };
}

/** What broke inside the application stands beside the test that made it break. */
function reportTrouble(line: string): void {
  process.stderr.write(`  ! ${line}\n`);
}
