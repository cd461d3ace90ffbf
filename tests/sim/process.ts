import type { Server } from 'node:http';
import express, { type Express } from 'express';
import { pino, type Logger } from 'pino';
import { mountGateway } from '~/gateway/mount';
import { mountStripeWebhook } from '~/web/endpoints/stripe-webhook';
import { armCrashPoint } from '~/platform/crash-point';
import type { Env } from '~/platform/env';
import { createServices, type Services } from '~/services.server';
import { LockOrderWatch } from '~tests/setup/lock-order';
import { Crashed } from './outcome';

/** One process of the application: its pool, queues and gateway. It ends by `close` or at a crash point. */
export interface AppProcess {
  services: Services;
  app: Express;
  /** Rejects with Crashed when the process is killed. */
  killed: Promise<never>;
  locks: LockOrderWatch;
  isDead(): boolean;
  /** Sets the crash point that kills the process; undefined disarms. */
  arm(label: string | undefined): void;
  close(): Promise<void>;
}

export async function startApp(env: Env, clock: { now(): Date }, errors: string[], server: Server): Promise<AppProcess> {
  const locks = new LockOrderWatch();
  const services = await createServices(env, { clock, log: recorder(errors), onStatement: locks.see });
  const app = express();
  mountGateway(app, services);
  mountStripeWebhook(app, services);
  let dead = false;
  let tellKilled: (crash: Crashed) => void = () => undefined;
  const killed = new Promise<never>((_done, fail) => (tellKilled = fail));
  killed.catch(() => undefined);
  const die = () => {
    dead = true;
    armCrashPoint(undefined);
    cutPower(services);
    server.closeAllConnections();
    const crash = new Crashed('the process was killed');
    tellKilled(crash);
    throw crash;
  };
  return {
    services,
    app,
    killed,
    locks,
    isDead: () => dead,
    arm: (label) => armCrashPoint(label, die),
    close: async () => {
      if (!dead) await services.close();
    },
  };
}

/** A killed process sends no more statements, so their promises never settle. Statements already sent may still run. */
function cutPower(services: Services): void {
  const { sql } = services.db;
  const never = Object.assign(new Promise<never>(() => undefined), { values: () => never });
  Object.assign(sql, { unsafe: () => never, begin: () => never });
  Object.assign(services.db, { sql: Object.assign(() => never, { unsafe: () => never }) });
  void services.close().catch(() => undefined);
}

/** Collects what the application logs as errors; each step checks it. */
function recorder(errors: string[]): Logger {
  return pino({ level: 'error' }, { write: (line: string) => void errors.push(line) });
}
