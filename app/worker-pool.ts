import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { Logger as JobLogger, run, type AddJobFunction, type TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import type { Sweep } from '~/jobs/job';
import { queuedJobs, sweeps } from '~/jobs/registry';
import { forgetWorker, noteWorker } from '~/modules/operations/index.server';
import type { Services } from '~/services.server';

const CONCURRENCY = 4;

/**
 * Works off the jobs of the registry until stopped. Jobs are rows in Postgres, so any number of processes may do this at once. A
 * signal is the caller's business.
 */
export async function startWorker(services: Services): Promise<{ stop(): Promise<void> }> {
  const log = services.log.child({ part: 'worker' });
  const runner = await run({
    connectionString: services.env.databaseUrl,
    concurrency: CONCURRENCY,
    maxPoolSize: CONCURRENCY + 2,
    noHandleSignals: true,
    logger: jobLogger(log),
    taskList: tasks(services),
    crontab: '',
    // Jobs are fetched and ended several at a time: one by one, that alone cost as much as most of them.
    preset: { worker: { localQueue: { size: 4 * CONCURRENCY, ttl: 60_000 }, completeJobBatchDelay: 10 } },
  });
  runner.promise.catch((error: unknown) => log.fatal({ err: error }, 'the worker stopped by itself'));
  const life = await showLife(services, log);
  const timers = [...sweeps.map((sweep) => repeat(sweep, runner.addJob, log)), freeAbandonedJobs(services, log), life.timer];
  return {
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

/** Asked for again while it runs in this process, a sweep leaves the work to the one under way. */
function onceAtATime(run: () => Promise<void>): () => Promise<void> {
  let running = false;
  return async () => {
    if (running) return;
    running = true;
    await run().finally(() => (running = false));
  };
}

/**
 * A sweep is a job with a key: however many processes ask for it, one waits at most. It has no queue of its own, because the queue of a
 * process that was killed stays locked for hours; so each process may run it once at a time, and sweeps are written for that. A failed
 * one is not tried again but asked for anew at its next turn.
 */
function repeat(sweep: Sweep, addJob: AddJobFunction, log: Logger): NodeJS.Timeout {
  const name = sweepTask(sweep);
  const ask = () => {
    addJob(name, {}, { jobKey: name, jobKeyMode: 'preserve_run_at', maxAttempts: 1 }).catch((error: unknown) =>
      log.warn({ err: error, sweep: sweep.name }, 'a sweep could not be asked for'),
    );
  };
  ask();
  return setInterval(ask, sweep.everySeconds * 1_000);
}

/**
 * Jobs of a process that was killed stay locked to it for hours. None of ours takes minutes, and all may be repeated: what has been
 * locked for five is taken up by whoever is alive.
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

/** Tells the others that this process works off jobs: `/readyz` and the metrics look for it. */
async function showLife(services: Services, log: Logger): Promise<{ timer: NodeJS.Timeout; end(): Promise<void> }> {
  const id = randomUUID();
  const system = () => services.ctxFor({ kind: 'system', name: 'worker' });
  const failed = (error: unknown) => log.warn({ err: error }, 'the sign of life could not be written');
  const show = () => noteWorker(system(), { id, pid: process.pid }).catch(failed);
  await show();
  return { timer: setInterval(() => void show(), 15_000), end: () => forgetWorker(system(), id).catch(failed) };
}

/** Failed jobs as warnings (they are tried again, and stay as rows in the end); the queue's small talk as debug. */
function jobLogger(log: Logger): JobLogger {
  return new JobLogger((scope) => (level, message, meta) => {
    const details = { task: scope.taskIdentifier, jobId: scope.jobId, err: meta?.['error'] };
    if (String(level) === 'error') log.warn(details, meta?.['error'] ? 'a job failed' : message);
    else log.debug(details, message);
  });
}
