import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { sql } from 'drizzle-orm';
import type { Sweep } from '~/jobs/job';
import { queuedJobs, sweeps } from '~/jobs/registry';
import type postgres from 'postgres';
import type { Actor, Ctx } from '~/platform/context';
import { addMs } from '~/platform/dates';
import { readEnv, type Env } from '~/platform/env';
import { startReplicateSandbox, type ReplicateSandbox } from '~sandbox/replicate';
import { startStripeSandbox, type StripeSandbox } from '~sandbox/stripe';
import { openDatabase, type Database } from '~db/client.server';
import { cloneTemplate, type Cluster, type TestDatabase } from '~tests/setup/clone';
import { startApp, type AppProcess } from './process';
import { SECRETS, START } from './secrets';

/** Longer than a step takes in real time, so that predictions end by the simulated clock only. */
const PREDICTION_MS = 15_000;

// The SDK waits half a second of real time between retries; the simulator cannot wait in real time.
Object.defineProperty(Stripe.prototype, 'getInitialNetworkRetryDelay', { value: () => 0 });

export interface QueuedRow extends Record<string, unknown> {
  id: string;
  task: string;
  payload: unknown;
}

/** The application on its own database, both sandboxes over HTTP, and one simulated clock for all. */
export class World {
  now = START;
  /** When each sweep last ran; at the start it is when the run's database was made. */
  readonly #swept = new Map<string, Date>();
  #process: AppProcess | undefined;

  private constructor(
    private readonly database: TestDatabase,
    private readonly looking: Database,
    private readonly server: Server,
    private readonly env: Env,
    /** What the application has logged as errors. The step that checks it empties it. */
    readonly errors: string[],
    readonly stripe: StripeSandbox,
    readonly replicate: ReplicateSandbox,
  ) {}

  static async open(cluster: Cluster, idSeed: string): Promise<World> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const webhooks = [{ url: `${origin}/webhooks/stripe`, secret: SECRETS.STRIPE_WEBHOOK_SECRET }];
    const [database, stripe, replicate] = await Promise.all([
      cloneTemplate(cluster),
      startStripeSandbox({ port: 0, secretKey: SECRETS.STRIPE_SECRET_KEY, startAt: START, idSeed, webhooks }),
      startReplicateSandbox({ port: 0, startAt: START }),
    ]);
    stripe.control.pauseDeliveries();
    replicate.control.setWebhooks({ mode: 'drop' });
    replicate.control.tune({ predictionMs: PREDICTION_MS });
    const env = readEnv({
      APP_MODE: 'test',
      DATABASE_URL: database.url,
      DATABASE_POOL: '6',
      PUBLIC_URL: origin,
      STRIPE_API_URL: stripe.url,
      REPLICATE_API_URL: replicate.url,
      ...SECRETS,
    });
    const world = new World(database, openDatabase(database.url, { max: 2 }), server, env, [], stripe, replicate);
    server.on('request', (req, res) => void world.process.app(req, res));
    await world.restart();
    return world;
  }

  get origin(): string {
    return this.env.publicUrl;
  }

  get process(): AppProcess {
    if (!this.#process) throw new Error('The application runs once the world is open.');
    return this.#process;
  }

  as(actor: Actor): Ctx {
    return this.process.services.ctxFor(actor);
  }

  system(name = 'simulator'): Ctx {
    return this.as({ kind: 'system', name });
  }

  /** Reads the database directly, also while the application is dead. */
  observer(): Ctx {
    return { ...this.system('observer'), db: this.looking.db };
  }

  /** A prepared statement of the observer, planned once for all steps. */
  async prepared(text: string, params: unknown[]): Promise<readonly unknown[]> {
    return this.looking.db.sql.unsafe(text, params as postgres.ParameterOrJSON<never>[], { prepare: true });
  }

  /** Moves the clock of the application and of both sandboxes. */
  moveClock(ms: number): void {
    this.now = addMs(this.now, ms);
    this.stripe.control.setClock(this.now);
    this.replicate.control.moveClock({ now: this.now.toISOString() });
  }

  /** Starts a process in place of the killed one. */
  async restart(): Promise<void> {
    this.#process = await startApp(this.env, { now: () => this.now }, this.errors, this.server);
  }

  async waitingJobs(): Promise<QueuedRow[]> {
    return this.process.services.db.execute<QueuedRow>(
      sql`select j.id::text, t.identifier as task, j.payload from graphile_worker._private_jobs j
        join graphile_worker._private_tasks t on t.id = j.task_id order by j.id`,
    );
  }

  /** Runs one job as a worker does: it leaves the queue once its work is done. */
  async workOff(job: QueuedRow): Promise<void> {
    const work = queuedJobs.find((queued) => queued.job.name === job.task);
    if (!work) throw new Error(`Nothing works off ${job.task}.`);
    await work.run(this.system(job.task), job.payload);
    await this.process.services.db.execute(sql`select from graphile_worker.complete_jobs(array[${job.id}::bigint])`);
  }

  async sweep(name: string): Promise<void> {
    const found = sweeps.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`There is no sweep ${name}.`);
    this.#swept.set(name, this.now);
    await found.run(this.system(name));
  }

  /** Whether a sweep is due: its interval has passed since it last ran. */
  isDue({ name, everySeconds }: Sweep): boolean {
    return this.now.getTime() - (this.#swept.get(name) ?? START).getTime() >= everySeconds * 1_000;
  }

  async close(): Promise<void> {
    await Promise.all([this.process.close(), this.looking.close()]);
    this.server.closeAllConnections();
    await new Promise<void>((done) => this.server.close(() => done()));
    await Promise.all([this.stripe.close(), this.replicate.close()]);
    // Do not wait for the checkpoint of a drop; the cluster is deleted at the end anyway.
    void this.database.drop().catch(() => undefined);
  }
}
