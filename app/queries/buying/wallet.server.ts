import { and, asc, desc, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm';
import { accessKeys, dailyBurns, grants, listings, transactions } from '~db/schema';
import { computeUnburned } from '~/modules/ledger/flows';
import { grantShown, type GrantShown } from '~/modules/metering/grant-shown';
import { requireUser, type Ctx } from '~/platform/context';
import { addDays, DAY_MS, toDateInput } from '~/platform/dates';
import { centsToNano, nanoToCents } from '~/platform/money';
import type { UserId } from '~/platform/ids';
import { burnWindows, windowAtRisk } from './burn-windows';

const CHART_DAYS = 30;
const PACE_DAYS = 7;

/** The signed-in buyer's wallet: grants in the order they burn, what was burned by day and by model, and the keys. */
export async function findWallet(ctx: Ctx) {
  const buyerId = requireUser(ctx);
  const [all, days, keys, models] = await Promise.all([
    findGrants(ctx, buyerId),
    burnByDay(ctx, buyerId),
    findKeys(ctx, buyerId),
    burnByModel(ctx, buyerId),
  ]);
  const open = all.filter((grant) => grant.state === 'open');
  const frozen = all.filter((grant) => grant.state === 'frozen');
  const paceNano = days.slice(-PACE_DAYS).reduce((sum, day) => sum + day.burnedNano, 0n) / BigInt(PACE_DAYS);
  const windows = burnWindows(
    ctx.now,
    open.map(({ endsAt, shown }) => ({ endsAt, availableNano: centsToNano(shown.leftCents) })),
    paceNano,
  );
  return {
    open,
    frozen,
    ended: all.filter((grant) => grant.state !== 'open' && grant.state !== 'frozen'),
    frozenCents: frozen.reduce((sum, grant) => sum + grant.shown.leftCents, 0n),
    leftCents: open.reduce((sum, grant) => sum + grant.shown.leftCents, 0n),
    setAsideCents: open.reduce((sum, grant) => sum + grant.shown.setAsideCents, 0n),
    paidCents: open.reduce((sum, grant) => sum + grant.priceCents, 0n),
    days,
    burnedCents: burnedInCents(days, all),
    paceNano,
    nextWindow: windows[0] ?? null,
    atRisk: windowAtRisk(windows, daysSinceFirst(ctx, all)),
    keys,
    models,
  };
}

/**
 * What was burned in the days shown, rounded up like the part of each grant; when that is all that ever burned, the sum of these parts.
 */
function burnedInCents(days: readonly { burnedNano: bigint }[], all: readonly { capturedNano: bigint; shown: GrantShown }[]): bigint {
  const burnedNano = days.reduce((sum, day) => sum + day.burnedNano, 0n);
  const capturedNano = all.reduce((sum, grant) => sum + grant.capturedNano, 0n);
  if (burnedNano !== capturedNano) return nanoToCents(burnedNano, 'up');
  return all.reduce((sum, grant) => sum + grant.shown.burnedCents, 0n);
}

export type Wallet = Awaited<ReturnType<typeof findWallet>>;
export type WalletGrant = Wallet['open'][number];
export type WalletKey = Wallet['keys'][number];

async function findGrants(ctx: Ctx, buyerId: UserId) {
  const rows = await ctx.db
    .select({
      id: grants.id,
      state: grants.state,
      listingId: grants.listingId,
      transactionId: grants.transactionId,
      creditNano: grants.creditNano,
      returnedNano: grants.returnedNano,
      availableNano: grants.availableNano,
      authorizedNano: grants.authorizedNano,
      capturedNano: grants.capturedNano,
      endsAt: grants.endsAt,
      createdAt: grants.createdAt,
      discountBps: transactions.discountBps,
      priceCents: transactions.priceCents,
      feeCents: transactions.feeCents,
      sellerTotalCents: transactions.sellerTotalCents,
      refundedCents: transactions.refundedCents,
      closingReason: transactions.closingReason,
      lot: { faceNano: listings.faceNano, discountBps: listings.discountBps, creditExpiresAt: listings.creditExpiresAt },
      mendUntilAt: listings.mendUntilAt,
      pauseReason: listings.stateReason,
    })
    .from(grants)
    .innerJoin(transactions, eq(transactions.id, grants.transactionId))
    .innerJoin(listings, eq(listings.id, grants.listingId))
    .where(eq(grants.buyerId, buyerId))
    // Usable grants first, so that ended ones cannot push them off the page.
    .orderBy(desc(inArray(grants.state, ['open', 'frozen'])), asc(grants.endsAt), asc(grants.id))
    .limit(200);
  return rows.map((row) => ({
    ...row,
    daysLeft: Math.max(0, Math.floor((row.endsAt.getTime() - ctx.now.getTime()) / DAY_MS)),
    /** The refund of the unburned part, if made now. */
    unburnedCents: computeUnburned(row, row),
    shown: grantShown(row),
  }));
}

function daysSinceFirst(ctx: Ctx, all: readonly { createdAt: Date }[]): number {
  const first = Math.min(ctx.now.getTime(), ...all.map((grant) => grant.createdAt.getTime()));
  return (ctx.now.getTime() - first) / DAY_MS;
}

/** One entry per day of the last thirty (UTC), oldest first, including days without runs. */
async function burnByDay(ctx: Ctx, buyerId: UserId) {
  const first = addDays(ctx.now, 1 - CHART_DAYS);
  const rows = await ctx.db
    .select({ day: dailyBurns.day, burnedNano: sum(dailyBurns.burnedNano) })
    .from(dailyBurns)
    .where(and(eq(dailyBurns.buyerId, buyerId), gte(dailyBurns.day, toDateInput(first))))
    .groupBy(dailyBurns.day);
  const burned = new Map(rows.map((row) => [row.day, row.burnedNano]));
  return Array.from({ length: CHART_DAYS }, (_, i) => {
    const day = toDateInput(addDays(first, i));
    return { day: new Date(`${day}T00:00:00.000Z`), burnedNano: burned.get(day) ?? 0n };
  });
}

async function burnByModel(ctx: Ctx, buyerId: UserId) {
  const burnedNano = sum(dailyBurns.burnedNano);
  return ctx.db
    .select({ model: dailyBurns.model, burnedNano, runs: sql<number>`sum(${dailyBurns.runs})::int` })
    .from(dailyBurns)
    .where(and(eq(dailyBurns.buyerId, buyerId), gte(dailyBurns.day, toDateInput(addDays(ctx.now, 1 - CHART_DAYS)))))
    .groupBy(dailyBurns.model)
    .orderBy(desc(burnedNano))
    .limit(20);
}

/** Active keys, and those revoked within a day. No hashes and no ids of secrets. */
async function findKeys(ctx: Ctx, buyerId: UserId) {
  const today = toDateInput(ctx.now);
  return ctx.db
    .select({
      id: accessKeys.id,
      name: accessKeys.name,
      lastFour: accessKeys.lastFour,
      capNano: accessKeys.capNano,
      todayNano: sql`case when ${accessKeys.spentDay} = ${today} then ${accessKeys.spentNano} else 0 end`.mapWith(BigInt),
      lastUsedAt: accessKeys.lastUsedAt,
      revokedAt: accessKeys.revokedAt,
    })
    .from(accessKeys)
    .where(and(eq(accessKeys.buyerId, buyerId), or(isNull(accessKeys.revokedAt), gte(accessKeys.revokedAt, addDays(ctx.now, -1)))))
    .orderBy(asc(accessKeys.createdAt), asc(accessKeys.id));
}

function sum(column: typeof dailyBurns.burnedNano) {
  return sql`sum(${column})`.mapWith(BigInt);
}
