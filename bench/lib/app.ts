import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsActedOn } from '~/modules/payments/stripe-events';
import { processEnv, url } from '~tests/setup/process-env';
import { startProcess, untilHealthy, type RunningProcess } from '../../scripts/children.mjs';
import { freePort } from '../../scripts/postgres.mjs';

type Part = 'server' | 'worker' | 'stripe-sandbox' | 'replicate-sandbox';

export interface BenchApp {
  origin: string;
  stripeUrl: string;
  replicateUrl: string;
  /** The environment of every process; enough for `readEnv` in the benchmark's own process. */
  env: Record<string, string>;
  findPid(part: Part): number;
  stop(): Promise<void>;
}

/**
 * The built application on an existing database, with the parts that a benchmark needs. `env` adds settings. Warnings
 * go to a log in a temporary folder, errors to the terminal, too.
 */
export async function startApp(databaseUrl: string, parts: Part[], env: Record<string, string> = {}): Promise<BenchApp> {
  const folder = await mkdtemp(join(tmpdir(), 'credit-mart-bench-app-'));
  const ports = { web: await freePort(), stripe: await freePort(), replicate: await freePort() };
  const settings = {
    ...processEnv({ folder, databaseUrl, front: ports.web, stripe: ports.stripe, replicate: ports.replicate }),
    PORT: String(ports.web),
    STRIPE_SANDBOX_WEBHOOK_EVENTS: eventsActedOn.join(),
    ...env,
  };
  const healthy: Record<Part, string | null> = {
    server: `${url(ports.web)}/readyz`,
    worker: null,
    'stripe-sandbox': `${url(ports.stripe)}/_sandbox/health`,
    'replicate-sandbox': `${url(ports.replicate)}/_sandbox/health`,
  };
  const running = new Map<Part, RunningProcess>();
  for (const part of [...parts].sort((a, b) => Number(b.endsWith('sandbox')) - Number(a.endsWith('sandbox')))) {
    const started = startProcess({
      name: part,
      env: { PATH: process.env.PATH ?? '', ...settings },
      logs: join(folder, 'logs'),
      onTrouble: (line) => process.stderr.write(`  ! ${line}\n`),
    });
    running.set(part, started);
    if (healthy[part] !== null) await untilHealthy(started, healthy[part]);
  }
  return {
    origin: url(ports.web),
    stripeUrl: url(ports.stripe),
    replicateUrl: url(ports.replicate),
    env: settings,
    findPid: (part) => running.get(part)?.child.pid ?? 0,
    stop: async () => {
      for (const part of [...running.values()].reverse()) await part.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
