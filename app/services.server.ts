import type { Logger } from 'pino';
import { openDatabase } from '~db/client.server';
import { listenTo, type Listener } from '~db/listen.server';
import { rateLimits } from '~db/schema';
import { outboxOnlyMail } from './adapters/mail/outbox-only';
import { createSmtpMail } from './adapters/mail/smtp-mail';
import { replicateAccounts } from './adapters/replicate/account';
import { replicateClient, type ApiClient } from './adapters/replicate/api-client';
import { replicateCatalogue } from './adapters/replicate/catalogue';
import { replicateFiles, type FileClient } from './adapters/replicate/files';
import { replicateRuns } from './adapters/replicate/runs';
import { createStripe } from './adapters/stripe/stripe-adapter';
import { createOutputAddresses } from './gateway/output-addresses';
import { createRunHooks } from './gateway/run-hooks';
import type { Actor, Ctx, Db, Ports } from './platform/context';
import { armCrashPoint } from './platform/crash-point';
import { collectSecrets, type Env } from './platform/env';
import { marketChannel } from './modules/listings/index.server';
import { vaultKeysFrom } from './modules/vault/index.server';
import { createLogger } from './platform/logger';
import { createRateLimits } from './platform/rate-limit.server';
import { createWatch, type Watch } from './platform/watch';

/** What a process consists of. Only this file knows which adapter implements which port. */
export interface Services {
  env: Env;
  db: Db;
  log: Logger;
  ports: Ports;
  /** The clock of the process; tests and the seed move it. */
  clock: { now(): Date };
  ctxFor(actor: Actor): Ctx;
  /** Subscribes this process to changes of the market, which lets it cache. */
  watchMarket(): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  clock?: { now(): Date };
  log?: Logger;
  /** For tests only: label of the point at which this process dies. */
  crashAt?: string | undefined;
  /** For tests only: sees every statement with the number of its connection. */
  onStatement?: (connection: number, text: string) => void;
}

export async function createServices(env: Env, options: ServiceOptions = {}): Promise<Services> {
  const log = options.log ?? createLogger(env.logLevel, 'credit-mart', { secrets: collectSecrets(env) });
  const clock = options.clock ?? { now: () => new Date() };
  const database = openDatabase(env.databaseUrl, { max: env.databasePool, onStatement: options.onStatement });
  const replicateApi = replicateClient({ apiUrl: env.replicate.apiUrl });
  const files = replicateFiles({ apiUrl: env.replicate.apiUrl });
  const watch = createWatch();
  const listeners: Listener[] = [];
  const ports = createPorts(env, database.db, { replicateApi, files }, watch);
  if (env.mode !== 'production') armCrashPoint(options.crashAt);
  return {
    env,
    db: database.db,
    log,
    ports,
    clock,
    ctxFor: (actor) => ({
      actor,
      now: clock.now(),
      db: database.db,
      inAtomic: false,
      log,
      ports,
      config: { publicUrl: env.publicUrl, mode: env.mode, contactEmail: env.contactEmail },
    }),
    watchMarket: async () => {
      listeners.push(await listenTo(env.databaseUrl, marketChannel, () => watch.ring()));
    },
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
      await Promise.all([replicateApi.close(), files.close()]);
      await database.close();
    },
  };
}

function createPorts(env: Env, db: Db, { replicateApi, files }: { replicateApi: ApiClient; files: FileClient }, marketWatch: Watch): Ports {
  const addresses = { publicUrl: env.publicUrl, replicateApiUrl: env.replicate.apiUrl, secret: env.appSecret };
  return {
    marketWatch,
    vaultKeys: vaultKeysFrom(env.vaultKeys),
    mail: env.mail.smtpUrl ? createSmtpMail({ smtpUrl: env.mail.smtpUrl, from: env.mail.from, replyTo: env.contactEmail }) : outboxOnlyMail,
    stripe: createStripe(env.stripe),
    rateLimits: createRateLimits(db, rateLimits),
    replicate: replicateAccounts({ apiUrl: env.replicate.apiUrl }),
    replicateRuns: replicateRuns(replicateApi),
    replicateCatalogue: replicateCatalogue(replicateApi),
    runHooks: createRunHooks(addresses),
    outputAddresses: createOutputAddresses(addresses),
    providerFiles: files,
  };
}
