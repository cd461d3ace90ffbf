import { sql, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import type { Ctx } from './context';

/** A job's name and the schema of its payload: a pure value of the module that enqueues it. `jobs/registry.ts` binds it to a workflow. */
export interface JobDefinition<S extends z.ZodType = z.ZodType> {
  name: string;
  payload: S;
}

const MAX_ATTEMPTS = 12;

export function defineJob<S extends z.ZodType>(name: string, payload: S): JobDefinition<S> {
  return { name, payload };
}

export interface EnqueueOptions {
  /** Not before this time. */
  runAt?: Date;
  /** One waiting job per key: a second enqueue replaces the first. */
  key?: string;
  /** The key is the id of a new row, so no waiting job can have it. Skipping that lookup makes adding a job much cheaper. */
  keyIsNew?: boolean;
  maxAttempts?: number;
}

/** Adds a job in the caller's atomic block: it exists if and only if the block commits. */
export async function enqueue<S extends z.ZodType>(
  ctx: Ctx,
  job: JobDefinition<S>,
  payload: z.input<S>,
  options: EnqueueOptions = {},
): Promise<void> {
  await ctx.db.execute(sql`select ${addJob(job, payload, options)}`);
}

/** How the queue treats a waiting job with the same key. `unsafe_dedupe` looks for none: for keys that no job can have yet. */
const keyModes = { old: 'replace', new: 'unsafe_dedupe' };

/** SQL that adds one job per selected row, for a statement that also writes those rows. The keys are new, as the rows are. */
export function addJobFor(job: JobDefinition, payload: SQL, key: SQL): SQL {
  return sql`graphile_worker.add_job(identifier => ${job.name}, payload => ${payload}, max_attempts => ${MAX_ATTEMPTS}::smallint, job_key => ${key}, job_key_mode => ${keyModes.new})`;
}

/** SQL that adds a job within a statement that writes the job's subject: both in one round trip. */
export function addJob<S extends z.ZodType>(job: JobDefinition<S>, payload: z.input<S>, options: EnqueueOptions = {}): SQL {
  const json = JSON.stringify(job.payload.parse(payload));
  return sql`graphile_worker.add_job(
    identifier => ${job.name}, payload => ${json}::json, run_at => ${options.runAt?.toISOString() ?? null}::timestamptz,
    max_attempts => ${options.maxAttempts ?? MAX_ATTEMPTS}::smallint, job_key => ${options.key ?? null}::text,
    job_key_mode => ${options.keyIsNew && options.key ? keyModes.new : keyModes.old})`;
}
