import { eq, sql } from 'drizzle-orm';
import { workers } from '~db/schema';
import type { Ctx } from '~/platform/context';

/** A worker's sign of life, by the database's clock. It forgets those of a day ago. */
export async function recordHeartbeat(ctx: Ctx, worker: { id: string; pid: number }): Promise<void> {
  const now = sql`now()`;
  await ctx.db
    .insert(workers)
    .values({ ...worker, startedAt: now, seenAt: now })
    .onConflictDoUpdate({ target: workers.id, set: { seenAt: now } });
  await ctx.db.delete(workers).where(sql`${workers.seenAt} < now() - interval '1 day'`);
}

/** A worker that stops in order is no longer counted. */
export async function removeHeartbeat(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.delete(workers).where(eq(workers.id, id));
}
