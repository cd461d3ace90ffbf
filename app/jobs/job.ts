import type { Ctx } from '~/platform/context';
import type { JobDefinition } from '~/platform/jobs';
import type { z } from 'zod';

/** Work that a command enqueued: its definition and what runs it. */
export interface QueuedJob {
  job: JobDefinition;
  run(ctx: Ctx, payload: unknown): Promise<void>;
}

/** Work that runs on a schedule. Each run has an upper bound, so a backlog takes several runs. */
export interface Sweep {
  name: string;
  everySeconds: number;
  run(ctx: Ctx): Promise<void>;
}

/** Binds a definition to its work; the payload is parsed by the definition's own schema before it touches anything. */
export function queued<S extends z.ZodType>(job: JobDefinition<S>, run: (ctx: Ctx, payload: z.output<S>) => Promise<void>): QueuedJob {
  return { job, run: async (ctx, payload) => run(ctx, job.payload.parse(payload)) };
}

export function sweep(name: string, everySeconds: number, run: (ctx: Ctx) => Promise<void>): Sweep {
  return { name, everySeconds, run };
}
