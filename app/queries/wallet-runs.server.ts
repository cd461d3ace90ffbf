import { and, desc, eq, lt } from 'drizzle-orm';
import { accessKeys, prices, runs } from '~db/schema';
import { meteredWords } from '~/modules/pricing/metered-words';
import { requireUser, type Ctx } from '~/platform/context';
import { isId } from '~/platform/ids';

const PAGE = 12;

/** The signed-in buyer's runs, newest first, twelve a page by key. */
export async function findWalletRuns(ctx: Ctx, before: string | null) {
  const buyerId = requireUser(ctx);
  const rows = await ctx.db
    .select({
      id: runs.id,
      model: runs.model,
      state: runs.state,
      upstreamStatus: runs.upstreamStatus,
      authorizedNano: runs.authorizedNano,
      capturedNano: runs.capturedNano,
      estimated: runs.estimated,
      metrics: runs.metrics,
      createdAt: runs.createdAt,
      unit: prices.unit,
      keyName: accessKeys.name,
    })
    .from(runs)
    .leftJoin(prices, eq(prices.id, runs.priceId))
    .leftJoin(accessKeys, eq(accessKeys.id, runs.accessKeyId))
    .where(and(eq(runs.buyerId, buyerId), isId('run', before) ? lt(runs.id, before) : undefined))
    .orderBy(desc(runs.id))
    .limit(PAGE + 1);
  const page = rows.slice(0, PAGE);
  return {
    runs: page.map(({ metrics, unit, ...run }) => ({ ...run, metered: unit === null ? null : meteredWords(unit, metrics) })),
    next: rows.length > PAGE ? (page.at(-1)?.id ?? null) : null,
    underWay: page.some((run) => run.state === 'authorized' || run.state === 'unknown'),
  };
}

export type WalletRun = Awaited<ReturnType<typeof findWalletRuns>>['runs'][number];
