import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger as JobLogger, run, type AddJobFunction, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Logger } from 'pino';

const CONCURRENCY = 4;
const LONGEST_PAUSE_MS = 30_000;
/** An idle queue polls every two seconds. After this silence it has ended, hangs, or has lost its database. */
const SILENT_MS = 45_000;
/** An ending pool waits until its jobs are recorded; without a database that may take forever. */
const LONGEST_END_MS = 10_000;

interface Running {
  runner: Runner;
  /** Resolves when the pool has ended, in order or not. */
  ended: Promise<void>;
}

/**
 * Fetches and runs jobs until stopped. The library's pool ends when the database is lost while a job's result is written; it is restarted
 * with increasing pauses.
 */
export class JobRunner {
  #runner: Runner | null = null;
  #isStopping = false;
  #takenAt = performance.now();
  #life: Promise<void> = Promise.resolve();
  readonly #pause = new AbortController();

  constructor(
    private readonly options: { connectionString: string; tasks: TaskList; log: Logger },
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** @throws when the queue cannot be reached. Later losses lead to a restart. */
  async start(): Promise<void> {
    const first = await this.#begin();
    this.#life = this.#keepRunning(first);
  }

  /** Whether jobs were fetched or started recently. */
  takesJobs(): boolean {
    return this.clock() - this.#takenAt < SILENT_MS;
  }

  readonly addJob: AddJobFunction = async (...job) => {
    if (!this.#runner) throw new Error('The job queue is not connected now.');
    return this.#runner.addJob(...job);
  };

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#pause.abort();
    await this.#runner?.stop().catch((error: unknown) => this.options.log.warn({ err: error }, 'the worker did not stop in order'));
    await this.#life;
  }

  async #begin(): Promise<Running> {
    const { connectionString, tasks, log } = this.options;
    const events = new EventEmitter() as WorkerEvents;
    const note = () => (this.#takenAt = this.clock());
    events.on('localQueue:getJobs:complete', note);
    events.on('job:start', note);
    const isEnding = new Promise<void>((done) => events.once('pool:gracefulShutdown', () => done()));
    const runner = await run({
      connectionString,
      concurrency: CONCURRENCY,
      maxPoolSize: CONCURRENCY + 2,
      noHandleSignals: true,
      logger: jobLogger(log),
      taskList: tasks,
      crontab: '',
      events,
      preset: {
        worker: {
          // Fetched and completed in batches: one by one, that costs as much as most jobs.
          localQueue: { size: 4 * CONCURRENCY, ttl: 60_000 },
          completeJobBatchDelay: 10,
          // If unset, graphile-worker 0.17 ends the process when it cannot record a failure.
          failJobBatchDelay: 10,
        },
      },
    });
    this.#runner = runner;
    const inOrder = runner.promise.catch((error: unknown) => log.error({ err: error }, 'the worker ended by itself'));
    const byForce = isEnding.then(() => sleep(LONGEST_END_MS, undefined, { ref: false }));
    return { runner, ended: Promise.race([inOrder, byForce]) };
  }

  async #keepRunning(first: Running): Promise<void> {
    const { log } = this.options;
    let running: Running | null = first;
    for (let failures = 0; ; failures = running ? 0 : failures + 1) {
      await running?.ended;
      if (this.#isStopping) return;
      this.#runner = null;
      // Closes open connections; rejects if the pool has ended already.
      running?.runner.stop().catch(() => undefined);
      log.warn('the worker restarts');
      await this.#wait(Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** failures));
      if (this.#isStopping) return;
      running = await this.#begin().catch((error: unknown) => {
        log.warn({ err: error }, 'the worker could not restart');
        return null;
      });
      // `stop` may have been called while the pool was starting.
      if (this.#isStopping) await running?.runner.stop();
    }
  }

  async #wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#pause.signal }).catch(() => undefined);
  }
}

/** Logs failed jobs as warnings (they are retried, and stay as rows in the end) and everything else as debug. */
function jobLogger(log: Logger): JobLogger {
  return new JobLogger((scope) => (level, message, meta) => {
    const details = { task: scope.taskIdentifier, jobId: scope.jobId, err: meta?.['error'] };
    if (String(level) === 'error') log.warn(details, meta?.['error'] ? 'a job failed' : message);
    else log.debug(details, message);
  });
}
