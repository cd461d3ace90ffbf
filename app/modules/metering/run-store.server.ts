import { and, asc, eq, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { runs } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addMs, HOUR_MS } from '~/platform/dates';
import type { RunId, UserId } from '~/platform/ids';
import { FIRST_CHECK_MS, nextCheckAfter } from './check-schedule';
import { runTransitions } from './run-machine';
import type { Run } from './run-record';

/** The answer to the create was lost. The amount stays reserved until Replicate's list or webhook shows the run. */
export async function markUnknown(ctx: Ctx, run: { buyerId: UserId; id: RunId }): Promise<void> {
  await ctx.db
    .update(runs)
    .set({ state: runTransitions.lose.to, nextCheckAt: addMs(ctx.now, FIRST_CHECK_MS) })
    .where(and(eq(runs.buyerId, run.buyerId), eq(runs.id, run.id), inArray(runs.state, [...runTransitions.lose.from])));
}

/** Records the prediction's id on its run. The first caller wins; false if the run already has another. */
export async function recordUpstream(
  ctx: Ctx,
  run: { buyerId: UserId; id: RunId },
  upstream: { id: string; status: string },
): Promise<boolean> {
  const rows = await ctx.db
    .update(runs)
    .set({
      upstreamId: upstream.id,
      upstreamStatus: upstream.status,
      nextCheckAt: addMs(ctx.now, FIRST_CHECK_MS),
      state: sql`case when ${runs.state} = 'unknown' then 'authorized' else ${runs.state} end`,
    })
    .where(and(eq(runs.buyerId, run.buyerId), eq(runs.id, run.id), isNull(runs.upstreamId)))
    .returning({ id: runs.id });
  return rows.length === 1;
}

/** Stores the latest status, and the highest cost of the output so far. */
export async function noteProgress(
  ctx: Ctx,
  run: { buyerId: UserId; id: RunId },
  { upstreamStatus, deliveredNano }: { upstreamStatus: string; deliveredNano: bigint },
): Promise<void> {
  await ctx.db
    .update(runs)
    .set({ upstreamStatus, deliveredNano: sql`greatest(${runs.deliveredNano}, ${deliveredNano.toString()}::bigint)` })
    .where(and(eq(runs.buyerId, run.buyerId), eq(runs.id, run.id), inArray(runs.state, ['authorized', 'unknown'])));
}

/** A buyer's run by Replicate's id; null for other buyers' runs. */
export async function findRunByUpstream(ctx: Ctx, buyerId: UserId, upstreamId: string): Promise<Run | null> {
  const [row] = await ctx.db
    .select()
    .from(runs)
    .where(and(eq(runs.upstreamId, upstreamId), eq(runs.buyerId, buyerId)));
  return row ?? null;
}

export async function findRun(ctx: Ctx, id: RunId): Promise<Run | null> {
  const [row] = await ctx.db.select().from(runs).where(eq(runs.id, id));
  return row ?? null;
}

export async function findRunByIdempotencyKey(ctx: Ctx, buyerId: UserId, idempotencyKey: string): Promise<Run | null> {
  const [row] = await ctx.db
    .select()
    .from(runs)
    .where(and(eq(runs.buyerId, buyerId), eq(runs.idempotencyKey, idempotencyKey)));
  return row ?? null;
}

/** Which of these predictions belong to runs. */
export async function knownUpstreamIds(ctx: Ctx, upstreamIds: readonly string[]): Promise<Set<string>> {
  if (upstreamIds.length === 0) return new Set();
  const rows = await ctx.db
    .select({ upstreamId: runs.upstreamId })
    .from(runs)
    .where(inArray(runs.upstreamId, [...upstreamIds]));
  return new Set(rows.flatMap((row) => row.upstreamId ?? []));
}

/** The client left before our answer. If it repeats the create within 10 s it gets this run (authorize-run). */
export async function noteLostAnswer(ctx: Ctx, run: { buyerId: UserId; id: RunId }): Promise<void> {
  await ctx.db
    .update(runs)
    .set({ answerLostAt: ctx.now })
    .where(and(eq(runs.buyerId, run.buyerId), eq(runs.id, run.id)));
}

/** Claims up to `limit` unsettled runs whose check is due, and postpones their next check, so that each is checked by one process. */
export async function claimDueRuns(ctx: Ctx, limit: number): Promise<Run[]> {
  const due = ctx.db
    .select({ id: runs.id })
    .from(runs)
    .where(and(inArray(runs.state, ['authorized', 'unknown']), lte(runs.nextCheckAt, ctx.now)))
    .orderBy(asc(runs.nextCheckAt))
    .limit(limit)
    .for('update', { skipLocked: true });
  return ctx.db
    .update(runs)
    .set({ checks: sql`${runs.checks} + 1`, nextCheckAt: nextCheckAfter(ctx.now, sql`${runs.checks}`) })
    .where(inArray(runs.id, due))
    .returning();
}

/** Deletes input, output and logs an hour after the end, as Replicate does. Returns how many. */
export async function forgetFinalBodies(ctx: Ctx, limit: number): Promise<number> {
  const old = ctx.db
    .select({ id: runs.id })
    .from(runs)
    .where(and(isNotNull(runs.finalBody), lte(runs.settledAt, addMs(ctx.now, -HOUR_MS))))
    .limit(limit);
  const rows = await ctx.db.update(runs).set({ finalBody: null }).where(inArray(runs.id, old)).returning({ id: runs.id });
  return rows.length;
}
