import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/postgres.mjs';
import { cloneDatabase } from './database';
import { logLevel, logsFolder, rememberSecrets } from './logged';
import { processEnv, url } from './process-env';
import { startRoundRobin } from './round-robin';
import { Processes, type Part, type ProcessPlan } from './stack-processes';

export interface Stack {
  /** The address of the load balancer in front of both web and both gateway processes. */
  baseUrl: string;
  /** The address of the first web process, for tests of bytes on the wire. */
  webUrl: string;
  /** The base URL for a Replicate client. */
  gatewayUrl: string;
  stripeUrl: string;
  replicateUrl: string;
  databaseUrl: string;
  /** The folder with the data and logs of the processes. */
  folder: string;
  /** The environment of every process in the stack; enough for `readEnv` in the test process. */
  env: Record<string, string>;
  /** Kills one part, as a power cut would. `server` is every process of the application. */
  kill(part: Part): Promise<void>;
  /** Stops one part as an operator would. */
  halt(part: Part): Promise<void>;
  /** Stops one process of a part: 0 is the first. */
  haltOne(part: Part, index: number): Promise<void>;
  /** Starts the stopped processes of a part on the same ports and data; `env` adds to their environment. */
  start(part: Part, env?: Record<string, string>): Promise<void>;
  /** Resolves when a process of a part has ended by itself, for example at a crash point. */
  ended(part: Part): Promise<void>;
  stop(): Promise<void>;
}

export interface StackOptions {
  /** A migrated database that the test made and drops itself. */
  databaseUrl?: string;
}

/**
 * The whole application as it ships (build/node, build/server): two web, two gateway and two worker processes on one database, and both
 * sandboxes. Requests go to the processes in turn. Call it in a beforeAll; stop it in the afterAll.
 */
export async function startStack(extra: Record<string, string> = {}, options: StackOptions = {}): Promise<Stack> {
  const database = options.databaseUrl ? { url: options.databaseUrl, drop: () => Promise.resolve() } : await cloneDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'credit-mart-e2e-'));
  const ports = await freePorts();
  const env = { ...stackEnv(folder, database.url, ports), ...extra };
  const processes = new Processes(plan(ports), { ...inherited(), ...env }, logsFolder(join(folder, 'logs')));
  const front = await startRoundRobin(ports.front, (path) => (path.startsWith('/gateway') ? ports.gateway : ports.web));
  const stop = async () => {
    await processes.halt('all');
    await front.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await processes.start('all');
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    baseUrl: url(ports.front),
    webUrl: url(ports.web[0]),
    gatewayUrl: `${url(ports.front)}/gateway/replicate/v1`,
    stripeUrl: url(ports.stripe),
    replicateUrl: url(ports.replicate),
    databaseUrl: database.url,
    folder,
    env,
    stop,
    start: (part, more) => processes.start(part, more),
    kill: (part) => processes.kill(part),
    halt: (part) => processes.halt(part),
    haltOne: (part, index) => processes.haltOne(part, index),
    ended: (part) => processes.ended(part),
  };
}

interface Ports {
  front: number;
  web: readonly [number, number];
  gateway: readonly [number, number];
  stripe: number;
  replicate: number;
}

async function freePorts(): Promise<Ports> {
  const front = await freePort();
  const web = [await freePort(), await freePort()] as const;
  const gateway = [await freePort(), await freePort()] as const;
  return { front, web, gateway, stripe: await freePort(), replicate: await freePort() };
}

function plan({ web, gateway, stripe, replicate }: Ports): ProcessPlan[] {
  const serving = (role: 'web' | 'gateway', port: number): ProcessPlan => ({
    part: role,
    program: 'server',
    env: { ROLE: role, PORT: String(port) },
    health: `${url(port)}/readyz`,
  });
  const working: ProcessPlan = { part: 'worker', program: 'worker', env: { ROLE: 'worker' }, health: null };
  return [
    { part: 'stripe-sandbox', program: 'stripe-sandbox', env: {}, health: `${url(stripe)}/_sandbox/health` },
    { part: 'replicate-sandbox', program: 'replicate-sandbox', env: {}, health: `${url(replicate)}/_sandbox/health` },
    ...web.map((port) => serving('web', port)),
    ...gateway.map((port) => serving('gateway', port)),
    working,
    { ...working },
  ];
}

function stackEnv(folder: string, databaseUrl: string, ports: Ports): Record<string, string> {
  const env = processEnv({ ...ports, folder, databaseUrl });
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, VAULT_KEYS, APP_SECRET } = env;
  rememberSecrets(STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, VAULT_KEYS.slice('k1:'.length), APP_SECRET);
  return { ...env, DATABASE_POOL: '8', LOG_LEVEL: logLevel('warn') };
}

function inherited(): Record<string, string> {
  const { PATH = '', HOME = '', TZ } = process.env;
  return { PATH, HOME, ...(TZ ? { TZ } : {}) };
}
