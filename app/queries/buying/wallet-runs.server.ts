import { and, desc, eq, gte, ilike, inArray, lt } from 'drizzle-orm';
import { accessKeys, prices, runs } from '~db/schema';
import type { RunState } from '~/modules/metering/run-machine';
import { meteredWords } from '~/modules/pricing/metered-words';
import { requireUser, type Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import { isId, type RunId } from '~/platform/ids';
import { likePattern } from '~/platform/like-pattern';
import { readBatches, toPage } from '~/platform/paging';
import type { RunFilters } from './run-filters';

const PAGE = 12;
const BATCH = 1_000;

/** The signed-in buyer's runs of the filters, newest first, twelve a page by key. */
export async function findWalletRuns(ctx: Ctx, before: string | null, filters: RunFilters = {}) {
  const found = await runsBefore(ctx, isId('run', before) ? before : null, filters, PAGE + 1);
  const { rows: runs, next } = toPage(found, PAGE, (run) => run.id);
  return {
    runs,
    next,
    underWay: runs.some((run) => run.state === 'authorized' || run.state === 'unknown'),
  };
}

export type WalletRun = Awaited<ReturnType<typeof findWalletRuns>>['runs'][number];

/** All runs of the filters, newest first, in batches, so that a file can be sent while it is read. */
export function walletRunBatches(ctx: Ctx, filters: RunFilters): AsyncGenerator<WalletRun[]> {
  return readBatches({ size: BATCH, keyOf: (run: WalletRun) => run.id }, (before, size) => runsBefore(ctx, before, filters, size));
}

async function runsBefore(ctx: Ctx, before: RunId | null, filters: RunFilters, limit: number) {
  const rows = await ctx.db
    .select({
      id: runs.id,
      model: runs.model,
      version: runs.version,
      state: runs.state,
      upstreamStatus: runs.upstreamStatus,
      authorizedNano: runs.authorizedNano,
      capturedNano: runs.capturedNano,
      estimated: runs.estimated,
      metrics: runs.metrics,
      listingId: runs.listingId,
      createdAt: runs.createdAt,
      settledAt: runs.settledAt,
      unit: prices.unit,
      keyName: accessKeys.name,
    })
    .from(runs)
    .leftJoin(prices, eq(prices.id, runs.priceId))
    .leftJoin(accessKeys, eq(accessKeys.id, runs.accessKeyId))
    .where(and(eq(runs.buyerId, requireUser(ctx)), before === null ? undefined : lt(runs.id, before), conditions(filters)))
    .orderBy(desc(runs.id))
    .limit(limit);
  return rows.map(({ metrics, unit, ...run }) => ({ ...run, metered: unit === null ? null : meteredWords(unit, metrics) }));
}

const statesByFilter: Record<NonNullable<RunFilters['state']>, RunState[]> = {
  running: ['authorized', 'unknown'],
  charged: ['captured'],
  free: ['voided'],
};

function conditions({ model, key, state, from, until }: RunFilters) {
  return and(
    model ? ilike(runs.model, likePattern(model)) : undefined,
    key ? eq(runs.accessKeyId, key) : undefined,
    state ? inArray(runs.state, statesByFilter[state]) : undefined,
    from ? gte(runs.createdAt, from) : undefined,
    until ? lt(runs.createdAt, addDays(until, 1)) : undefined,
  );
}
