import { and, eq, gt, gte, sql } from 'drizzle-orm';
import { grants, listings, runs, transactions } from '~db/schema';
import type { Policy } from '~/modules/policy/index.server';
import type { Ctx } from '~/platform/context';
import { addDays, addMs, formatDate, MINUTE_MS } from '~/platform/dates';
import type { UserId } from '~/platform/ids';
import { formatCents, formatPercent, NANO_PER_CENT } from '~/platform/money';
import { cached, shownPolicy } from '~/queries/market/market-cache.server';
import { onSale, soonestExpiry } from '~/queries/market/listing-statements.server';

/** The frame of every page: the viewer, the market in one line, the rules in force. */
export async function findShell(ctx: Ctx) {
  const policy = await shownPolicy(ctx);
  const [viewer, market] = await Promise.all([findViewer(ctx), cached(ctx, 'market now', () => marketNow(ctx, policy.rules.minDaysLeft))]);
  const { contactEmail, mode, publicUrl: origin } = ctx.config;
  return { viewer, market, policy: policyLine(policy), contactEmail, origin, demo: mode !== 'production' };
}

async function findViewer({ actor, ...ctx }: Ctx) {
  if (actor.kind !== 'user') return null;
  const { name, email, role, verified, userId } = actor;
  return { name, email, isAdmin: role === 'admin', verified, walletNano: await findWalletBalance({ ...ctx, actor }, userId) };
}

async function findWalletBalance(ctx: Ctx, buyerId: UserId): Promise<bigint> {
  const [row] = await ctx.db
    // Each grant is rounded down to the cent, as in the wallet, so that both show the same sum.
    .select({ left: sql`coalesce(sum(${grants.availableNano} - ${grants.availableNano} % ${NANO_PER_CENT}), 0)`.mapWith(BigInt) })
    .from(grants)
    .where(and(eq(grants.buyerId, buyerId), eq(grants.state, 'open')));
  return row?.left ?? 0n;
}

async function marketNow(ctx: Ctx, minDaysLeft: number) {
  const dayAgo = addDays(ctx.now, -1);
  const [[sale], [sold], [burned]] = await Promise.all([
    ctx.db
      .select({
        best: sql<number | null>`max(${listings.discountBps})`,
        onSaleNano: sumColumn(listings.availableNano),
        lots: sql<number>`count(*)::int`,
      })
      .from(listings)
      .where(onSale(soonestExpiry(ctx, minDaysLeft))),
    ctx.db
      .select({ nano: sumColumn(transactions.creditNano) })
      .from(transactions)
      .where(gte(transactions.deliveredAt, dayAgo)),
    ctx.db
      .select({ nano: sumColumn(runs.capturedNano) })
      .from(runs)
      .where(and(eq(runs.state, 'captured'), gt(runs.settledAt, dayAgo))),
  ]);
  return {
    bestDiscountBps: sale?.best ?? null,
    onSaleNano: sale?.onSaleNano ?? 0n,
    lots: sale?.lots ?? 0,
    soldDayNano: sold?.nano ?? 0n,
    burnedDayNano: burned?.nano ?? 0n,
    // To the minute, as shown, so that an unchanged page keeps its ETag.
    asOf: addMs(ctx.now, -(ctx.now.getTime() % MINUTE_MS)),
  };
}

function sumColumn(column: typeof listings.availableNano | typeof transactions.creditNano | typeof runs.capturedNano) {
  return sql`coalesce(sum(${column}), 0)`.mapWith(BigInt);
}

/** The rules in a few words each, for the footer. */
function policyLine({ version, validFrom, rules }: Policy): string[] {
  const percent = (bps: number) => formatPercent(bps).replace('.0%', '%');
  return [
    `Policy ${version}, since ${formatDate(validFrom)}`,
    `discount ${percent(rules.minDiscountBps).replace('%', '')}–${percent(rules.maxDiscountBps)}`,
    `fee ${percent(rules.feeBps)} of the price, paid by the seller`,
    `minimum purchase ${formatCents(BigInt(rules.minPurchaseCents))}`,
    `reservation ${rules.reservationMinutes} minutes`,
    `no sale under ${rules.minDaysLeft} days before expiry`,
  ];
}
