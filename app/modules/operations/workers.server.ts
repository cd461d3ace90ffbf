import { eq, sql } from 'drizzle-orm';
import { workers } from '~db/schema';
import type { Ctx } from '~/platform/context';

/** Writes a worker's heartbeat by the database's clock, and deletes those older than a day. */
export async function recordHeartbeat(ctx: Ctx, worker: { id: string; pid: number }): Promise<void> {
  const now = sql`now()`;
  await ctx.db
    .insert(workers)
    .values({ ...worker, startedAt: now, seenAt: now })
    .onConflictDoUpdate({ target: workers.id, set: { seenAt: now } });
  await ctx.db.delete(workers).where(sql`${workers.seenAt} < now() - interval '1 day'`);
}

/** Removes the heartbeat of a worker that stops in order. */
export async function removeHeartbeat(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.delete(workers).where(eq(workers.id, id));
}
