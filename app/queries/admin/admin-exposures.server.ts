import { and, desc, eq, gte, inArray, sql } from 'drizzle-orm';
import { exposures, probes, runs, users } from '~db/schema';
import { causedByBuyers, EXPOSURE_DAYS } from '~/modules/metering/exposure-reasons';
import { currentPolicy } from '~/modules/policy/index.server';
import { requireAdmin, type Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import { idToUuid, type Id } from '~/platform/ids';
import { centsToNano } from '~/platform/money';
import { toPage } from '~/platform/paging';

const pageSize = 50;
const largestBuyers = 20;

/** Exposures (costs of runs that the market bears): sums of 30 days by reason and buyer, and all rows, newest first, 50 per page. */
export async function adminExposures(ctx: Ctx, before: Id<'exposure'> | null) {
  requireAdmin(ctx);
  const since = addDays(ctx.now, -EXPOSURE_DAYS);
  const recent = gte(exposures.createdAt, since);
  const total = sql<string>`coalesce(sum(${exposures.amountNano}), 0)::text`;
  const [{ rules }, byReason, byBuyer, [probed], rows] = await Promise.all([
    currentPolicy(ctx),
    ctx.db
      .select({ reason: exposures.reason, count: sql<number>`count(*)::int`, nano: total })
      .from(exposures)
      .where(recent)
      .groupBy(exposures.reason),
    ctx.db
      .select({ buyerId: exposures.buyerId, name: users.name, count: sql<number>`count(*)::int`, nano: total })
      .from(exposures)
      .leftJoin(users, eq(users.id, exposures.buyerId))
      .where(and(recent, inArray(exposures.reason, [...causedByBuyers])))
      .groupBy(exposures.buyerId, users.name)
      .orderBy(desc(sql`sum(${exposures.amountNano})`))
      .limit(largestBuyers),
    ctx.db
      .select({ count: sql<number>`count(*)::int`, nano: sql<string>`coalesce(sum(${probes.costNano}), 0)::text` })
      .from(probes)
      .where(gte(probes.createdAt, since)),
    newestBefore(ctx, before),
  ]);
  const page = toPage(rows, pageSize, (row) => row.id);
  return {
    limitNano: centsToNano(BigInt(rules.exposureLimitCents)),
    byReason: byReason.map((row) => ({ ...row, nano: BigInt(row.nano) })),
    byBuyer: byBuyer.map((row) => ({ ...row, nano: BigInt(row.nano) })),
    probes: { count: probed?.count ?? 0, nano: BigInt(probed?.nano ?? '0') },
    exposures: page.rows,
    nextBefore: page.next,
  };
}

function newestBefore(ctx: Ctx, before: Id<'exposure'> | null) {
  const older = before
    ? sql`(${exposures.createdAt}, ${exposures.id}) < (select created_at, id from exposures where id = ${idToUuid(before)}::uuid)`
    : undefined;
  return ctx.db
    .select({
      id: exposures.id,
      buyerId: exposures.buyerId,
      listingId: exposures.listingId,
      amountNano: exposures.amountNano,
      reason: exposures.reason,
      detail: exposures.detail,
      createdAt: exposures.createdAt,
      model: runs.model,
      upstreamId: runs.upstreamId,
    })
    .from(exposures)
    .leftJoin(runs, and(eq(runs.buyerId, exposures.buyerId), eq(runs.id, exposures.runId)))
    .where(older)
    .orderBy(desc(exposures.createdAt), desc(exposures.id))
    .limit(pageSize + 1);
}
