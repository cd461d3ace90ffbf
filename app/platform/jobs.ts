import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Ctx } from './context';

/** A job's name and the schema of its payload: a pure value of the module that enqueues it. `jobs/registry.ts` binds it to a workflow. */
export interface JobDefinition<S extends z.ZodType = z.ZodType> {
  name: string;
  payload: S;
}

export function defineJob<S extends z.ZodType>(name: string, payload: S): JobDefinition<S> {
  return { name, payload };
}

export interface EnqueueOptions {
  /** Not before this time. */
  runAt?: Date;
  /** One waiting job per key: a second enqueue replaces the first. */
  key?: string;
  maxAttempts?: number;
}

/** Adds a job in the caller's atomic block: it exists if and only if the block commits. */
export async function enqueue<S extends z.ZodType>(
  ctx: Ctx,
  job: JobDefinition<S>,
  payload: z.input<S>,
  options: EnqueueOptions = {},
): Promise<void> {
  const json = JSON.stringify(job.payload.parse(payload));
  await ctx.db.execute(sql`select graphile_worker.add_job(
    identifier => ${job.name}, payload => ${json}::json, run_at => ${options.runAt?.toISOString() ?? null}::timestamptz,
    max_attempts => ${options.maxAttempts ?? 12}::smallint, job_key => ${options.key ?? null}::text)`);
}
