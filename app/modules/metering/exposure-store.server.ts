import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import { exposures } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import type { RunId, UserId } from '~/platform/ids';
import { causedByBuyers, EXPOSURE_DAYS } from './exposure-reasons';

/** What a buyer's runs cost beyond what was paid, in the last 30 days, in nano-USD. */
export async function sumExposures(ctx: Ctx, buyerId: UserId): Promise<bigint> {
  const recent = gte(exposures.createdAt, addDays(ctx.now, -EXPOSURE_DAYS));
  const [row] = await ctx.db
    .select({ nano: sql<string>`coalesce(sum(${exposures.amountNano}), 0)::text` })
    .from(exposures)
    .where(and(eq(exposures.buyerId, buyerId), recent, inArray(exposures.reason, [...causedByBuyers])));
  return BigInt(row?.nano ?? '0');
}

/** Adds an explanation for admins to a run's exposure. */
export async function explainExposure(ctx: Ctx, runId: RunId, detail: string): Promise<void> {
  await ctx.db
    .update(exposures)
    .set({ detail: detail.slice(0, 300) })
    .where(eq(exposures.runId, runId));
}
