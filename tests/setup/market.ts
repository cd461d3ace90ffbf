import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { openMarket } from '~/modules/policy/index.server';
import type { Ctx } from '~/platform/context';
import { readEnv } from '~/platform/env';
import { createServices, type Services } from '~/services.server';
import { startReplicateSandbox, type ReplicateSandbox } from '~sandbox/replicate';
import { startStripeSandbox, type StripeSandbox } from '~sandbox/stripe';
import { asAdmin } from './clone';
import { cloneDatabase, type TestDatabase } from './database';
import { rememberSecrets, testLog } from './logged';

/** The application on the test file's own database, with both sandboxes over HTTP and one clock for all three. */
export interface TestMarket {
  readonly services: Services;
  readonly stripe: StripeSandbox;
  readonly replicate: ReplicateSandbox;
  readonly databaseUrl: string;
  /** Runs a statement as the owner of the database, which may do more than the application. */
  asOwner(statement: string): Promise<void>;
  /** The environment for a separate process of this market. */
  readonly env: Record<string, string>;
  /** A context that acts as the system, as jobs do. */
  system(): Ctx;
  /** Moves the clock of the application and of both sandboxes; it ticks on from there. */
  advance(ms: number): void;
  /** A second application instance on the same market, with its own connection pool and queues. */
  anotherProcess(): Promise<Services>;
}

interface Running {
  database: TestDatabase;
  stripe: StripeSandbox;
  replicate: ReplicateSandbox;
  services: Services;
}

/**
 * Call it at the top level of a test file. Everything is ready inside hooks and tests, and removed after the file.
 *
 *     const market = testMarket();
 *     it('…', async () => { const ctx = market.system(); … });
 */
export function testMarket(): TestMarket {
  let running: Running | undefined;
  let offsetMs = 0;
  const others: Services[] = [];
  const clock = { now: () => new Date(Date.now() + offsetMs) };
  const secrets = { vault: `k1:${randomBytes(32).toString('base64')}`, stripe: `sk_test_${letters(16)}`, webhook: `whsec_${letters(16)}` };
  rememberSecrets(...Object.values(secrets), secrets.vault.slice('k1:'.length));
  const there = () => {
    if (!running) throw new Error('The services are there once the hooks and tests run.');
    return running;
  };
  const buildEnv = ({ database, stripe, replicate }: Omit<Running, 'services'>) => ({
    APP_MODE: 'test',
    DATABASE_URL: database.url,
    PUBLIC_URL: 'http://market.test',
    VAULT_KEYS: secrets.vault,
    STRIPE_SECRET_KEY: secrets.stripe,
    STRIPE_WEBHOOK_SECRET: secrets.webhook,
    STRIPE_API_URL: stripe.url,
    REPLICATE_API_URL: replicate.url,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
  });
  const open = (place: Omit<Running, 'services'>) =>
    createServices(readEnv(buildEnv(place)), { clock, ...testLog(Object.values(secrets)) });

  beforeAll(async () => {
    const [database, stripe, replicate] = await Promise.all([
      cloneDatabase(),
      startStripeSandbox({ port: 0, secretKey: secrets.stripe }),
      startReplicateSandbox({ port: 0 }),
    ]);
    const services = await open({ database, stripe, replicate });
    running = { database, stripe, replicate, services };
    await openMarket(services.ctxFor({ kind: 'system', name: 'test' }));
  });
  afterAll(async () => {
    if (!running) return;
    await Promise.all([running.services, ...others].map((each) => each.close()));
    await Promise.all([running.stripe.close(), running.replicate.close(), running.database.drop()]);
  });

  return {
    get services() {
      return there().services;
    },
    get stripe() {
      return there().stripe;
    },
    get replicate() {
      return there().replicate;
    },
    get databaseUrl() {
      return there().database.url;
    },
    asOwner: (statement) => asAdmin(there().database.ownerUrl, (owner) => owner.unsafe(statement)),
    get env() {
      return buildEnv(there());
    },
    system: () => there().services.ctxFor({ kind: 'system', name: 'test' }),
    advance: (ms) => {
      offsetMs += ms;
      there().stripe.control.advanceClock(ms);
      there().replicate.control.moveClock({ advanceMs: ms });
    },
    anotherProcess: async () => {
      const services = await open(there());
      others.push(services);
      return services;
    },
  };
}

function letters(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
