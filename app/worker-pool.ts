import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { AddJobFunction, TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import type { Sweep } from '~/jobs/job';
import { JobRunner } from '~/job-runner';
import { queuedJobs, sweeps } from '~/jobs/registry';
import { removeHeartbeat, recordHeartbeat } from '~/modules/operations/index.server';
import type { Services } from '~/services.server';

export interface Worker {
  stop(): Promise<void>;
  /** Whether it fetched or started jobs recently. */
  takesJobs(): boolean;
}

/**
 * Runs the registry's jobs until stopped. Jobs are rows in Postgres, so any number of processes may do this at once. The caller
 * handles signals.
 */
export async function startWorker(services: Services): Promise<Worker> {
  const log = services.log.child({ part: 'worker' });
  const runner = new JobRunner({ connectionString: services.env.databaseUrl, tasks: tasks(services), log });
  await runner.start();
  const life = await startHeartbeat(services, runner, log);
  const timers = [...sweeps.map((sweep) => repeat(sweep, runner.addJob, log)), freeAbandonedJobs(services, log), life.timer];
  return {
    takesJobs: () => runner.takesJobs(),
    stop: async () => {
      timers.forEach(clearInterval);
      await runner.stop();
      await life.end();
    },
  };
}

const sweepTask = (sweep: Sweep) => `sweep:${sweep.name}`;

function tasks(services: Services): TaskList {
  const asJob = (name: string) => services.ctxFor({ kind: 'system', name });
  return Object.fromEntries([
    ...queuedJobs.map((queued) => [queued.job.name, (payload: unknown) => queued.run(asJob(queued.job.name), payload)] as const),
    ...sweeps.map((sweep) => [sweepTask(sweep), onceAtATime(() => sweep.run(asJob(sweep.name)))] as const),
  ]);
}

/** Skips a sweep while the same one still runs in this process. */
function onceAtATime(run: () => Promise<void>): () => Promise<void> {
  let running = false;
  return async () => {
    if (running) return;
    running = true;
    await run().finally(() => (running = false));
  };
}

/**
 * A sweep is a job with a key, so at most one waits, however many processes add it. It has no named queue, because the queue of a killed
 * process stays locked for hours; so each process may run one at a time. A failed sweep is not retried: the next one follows anyway.
 */
function repeat(sweep: Sweep, addJob: AddJobFunction, log: Logger): NodeJS.Timeout {
  const name = sweepTask(sweep);
  const ask = () => {
    addJob(name, {}, { jobKey: name, jobKeyMode: 'preserve_run_at', maxAttempts: 1 }).catch((error: unknown) =>
      log.warn({ err: error, sweep: sweep.name }, 'a sweep could not be enqueued'),
    );
  };
  ask();
  return setInterval(ask, sweep.everySeconds * 1_000);
}

/**
 * Jobs of a killed process stay locked for hours. Ours take less than a minute and may be repeated, so those locked for five minutes are
 * unlocked for other workers.
 */
function freeAbandonedJobs(services: Services, log: Logger): NodeJS.Timeout {
  const free = () => {
    services.db
      .execute(
        sql`select graphile_worker.force_unlock_workers(array_agg(distinct locked_by)) from graphile_worker.jobs
          where locked_at < now() - interval '5 minutes' having count(*) > 0`,
      )
      .catch((error: unknown) => log.warn({ err: error }, 'abandoned jobs could not be freed'));
  };
  free();
  return setInterval(free, 60_000);
}

/** Writes a heartbeat while this process takes jobs, for `/readyz` and the metrics. */
async function startHeartbeat(
  services: Services,
  runner: JobRunner,
  log: Logger,
): Promise<{ timer: NodeJS.Timeout; end(): Promise<void> }> {
  const id = randomUUID();
  const system = () => services.ctxFor({ kind: 'system', name: 'worker' });
  const failed = (error: unknown) => log.warn({ err: error }, 'the heartbeat could not be written');
  const show = async () => {
    if (runner.takesJobs()) await recordHeartbeat(system(), { id, pid: process.pid }).catch(failed);
    else log.error('this worker takes no jobs');
  };
  await show();
  return { timer: setInterval(() => void show(), 15_000), end: () => removeHeartbeat(system(), id).catch(failed) };
}
