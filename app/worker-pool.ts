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
  /** Whether it has asked for jobs or begun one of late. */
  takesJobs(): boolean;
}

/**
 * Works off the jobs of the registry until stopped. Jobs are rows in Postgres, so any number of processes may do this at once. A
 * signal is the caller's business.
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

/** Tells the others that this process takes jobs, for as long as it does: `/readyz` and the metrics look for it. */
async function startHeartbeat(
  services: Services,
  runner: JobRunner,
  log: Logger,
): Promise<{ timer: NodeJS.Timeout; end(): Promise<void> }> {
  const id = randomUUID();
  const system = () => services.ctxFor({ kind: 'system', name: 'worker' });
  const failed = (error: unknown) => log.warn({ err: error }, 'the sign of life could not be written');
  const show = async () => {
    if (runner.takesJobs()) await recordHeartbeat(system(), { id, pid: process.pid }).catch(failed);
    else log.error('this worker takes no jobs');
  };
  await show();
  return { timer: setInterval(() => void show(), 15_000), end: () => removeHeartbeat(system(), id).catch(failed) };
}
