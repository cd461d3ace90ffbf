import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { grants, listings, offers, sellerProfiles, transactions } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { ListingId, UserId } from '~/platform/ids';
import { splitPrice } from '~/modules/listings/listing-preview';
import { cappedListingStates, shownState } from '~/modules/listings/listing-machine';
import { newSellerRoom, type NewSellerRoom } from '~/modules/listings/new-seller-cap';
import type { PolicyRules } from '~/modules/policy/policy-rules';
import { daysBetween } from '~/platform/dates';
import { toPage } from '~/platform/paging';

const pageSize = 50;

/** What buyers paid for a listing and where that money is: paid = refunded + earned + fee + held. In cents. */
export interface Takings {
  paidCents: bigint;
  refundedCents: bigint;
  /** Vested to the seller, after the fee. */
  earnedCents: bigint;
  feeCents: bigint;
  /** Held until burned. */
  heldCents: bigint;
  /** What the seller earns from the held part that is not frozen, if all of it burns. */
  toComeCents: bigint;
  /** The frozen part of the held money: refunded to buyers unless the lot is mended. */
  frozenCents: bigint;
}

export const noTakings: Takings = {
  paidCents: 0n,
  refundedCents: 0n,
  earnedCents: 0n,
  feeCents: 0n,
  heldCents: 0n,
  toComeCents: 0n,
  frozenCents: 0n,
};

/** ⌊total × captured / credit⌋ (docs/money.md#the-flow), or what was released already, such as on settlement day. Numeric, since the product outgrows a bigint. */
const vestedPart = (total: typeof transactions.sellerTotalCents, released: typeof transactions.releasedSellerCents) =>
  sql`greatest(${released}, coalesce(div(${total}::numeric * ${grants.capturedNano}, ${grants.creditNano}), 0)::bigint)`;
export const earnedSql = vestedPart(transactions.sellerTotalCents, transactions.releasedSellerCents);
export const feeSql = vestedPart(transactions.feeCents, transactions.releasedFeeCents);

/** The seller's part of what was paid and not refunded from held money (`totalsAfterRefunds`). */
const sellerPart = sql`${transactions.sellerTotalCents} - ceil(${transactions.sellerTotalCents}::numeric * (${transactions.refundedCents} - ${transactions.lostCents}) / ${transactions.priceCents})::bigint`;

const paidStates = ['delivered', 'frozen', 'completed', 'refunded', 'covered'] as const;

/** The takings of each listing that ever sold, rounded per transaction and then summed, so that the parts add up. */
async function findTakings(ctx: Ctx, sellerId: UserId): Promise<Map<ListingId, Takings>> {
  const rows = await ctx.db
    .select({
      listingId: transactions.listingId,
      paid: sql<string>`sum(${transactions.priceCents})`,
      refunded: sql<string>`sum(${transactions.refundedCents} - ${transactions.lostCents})`,
      earned: sql<string>`sum(${earnedSql})`,
      fee: sql<string>`sum(${feeSql})`,
      toCome: sql<string>`coalesce(sum(${sellerPart} - ${earnedSql}) filter (where ${transactions.state} = 'delivered'), 0)`,
      frozen: sql<string>`coalesce(sum(${transactions.priceCents} - ${transactions.refundedCents} + ${transactions.lostCents} - ${earnedSql} - ${feeSql}) filter (where ${transactions.state} = 'frozen'), 0)`,
    })
    .from(transactions)
    .leftJoin(grants, eq(grants.transactionId, transactions.id))
    .where(and(eq(transactions.sellerId, sellerId), inArray(transactions.state, [...paidStates])))
    .groupBy(transactions.listingId);
  return new Map(rows.map((row) => [row.listingId, toTakings(row)]));
}

function toTakings(row: { paid: string; refunded: string; earned: string; fee: string; toCome: string; frozen: string }): Takings {
  const [paidCents, refundedCents, earnedCents, feeCents] = [BigInt(row.paid), BigInt(row.refunded), BigInt(row.earned), BigInt(row.fee)];
  return {
    paidCents,
    refundedCents,
    earnedCents,
    feeCents,
    heldCents: paidCents - refundedCents - earnedCents - feeCents,
    toComeCents: BigInt(row.toCome),
    frozenCents: BigInt(row.frozen),
  };
}

export function sumTakings(all: Iterable<Takings>): Takings {
  const sum = { ...noTakings };
  for (const one of all) for (const key of Object.keys(sum) as (keyof Takings)[]) sum[key] += one[key];
  return sum;
}

/**
 * The seller's page: its listings, newest first, 50 per page, with sales, burn and earnings, and totals over all of them. `after` is the
 * last listing of the previous page.
 */
export async function sellerPage(ctx: Ctx, sellerId: UserId, after: ListingId | null, feeBps: number) {
  const [takings, rows, all, waitingOffers] = await Promise.all([
    findTakings(ctx, sellerId),
    ctx.db
      .select()
      .from(listings)
      .where(and(eq(listings.sellerId, sellerId), after ? lt(listings.id, after) : undefined))
      .orderBy(desc(listings.id))
      .limit(pageSize + 1),
    ctx.db
      .select({
        state: listings.state,
        availableNano: listings.availableNano,
        discountBps: listings.discountBps,
        soldNano: listings.soldNano,
        burnedNano: listings.burnedNano,
        mendUntilAt: listings.mendUntilAt,
      })
      .from(listings)
      .where(eq(listings.sellerId, sellerId)),
    ctx.db
      .select({ id: offers.id })
      .from(offers)
      .where(and(eq(offers.sellerId, sellerId), eq(offers.state, 'open')))
      .limit(100),
  ]);
  const page = toPage(rows, pageSize, (row) => row.id);
  const onSale = all.filter((row) => row.state === 'active' || row.state === 'paused');
  return {
    listings: page.rows.map((row) => ({
      id: row.id,
      state: shownState(row),
      underCheck: row.mendUntilAt !== null,
      faceNano: row.faceNano,
      listedNano: row.listedNano,
      soldNano: row.soldNano,
      burnedNano: row.burnedNano,
      discountBps: row.discountBps,
      creditExpiresAt: row.creditExpiresAt,
      daysLeft: daysBetween(ctx.now, row.creditExpiresAt),
      takings: takings.get(row.id) ?? noTakings,
    })),
    nextAfter: page.next,
    totals: {
      ...sumTakings(takings.values()),
      soldNano: all.reduce((sum, row) => sum + row.soldNano, 0n),
      burnedNano: all.reduce((sum, row) => sum + row.burnedNano, 0n),
      unsoldNano: onSale.reduce((sum, row) => sum + row.availableNano, 0n),
      unsoldWorthCents: onSale.reduce((sum, row) => sum + splitPrice(row.availableNano, row.discountBps, feeBps).sellerCents, 0n),
    },
    mendUntilAt: earliest(all.map((row) => row.mendUntilAt)),
    counts: {
      listings: all.length,
      onSale: all.filter((row) => row.state === 'active' && row.availableNano > 0n).length,
      inReview: all.filter((row) => row.state === 'in_review').length,
      needYou: all.filter((row) => row.state === 'needs_info' || row.state === 'rejected').length,
      offers: waitingOffers.length,
    },
  };
}

/** How much more a new seller may put on sale; null for a seasoned seller. The command checks again, under lock. */
export async function findNewSellerRoom(ctx: Ctx, sellerId: UserId, rules: PolicyRules): Promise<NewSellerRoom | null> {
  const [profile] = await ctx.db
    .select({ seasonedAt: sellerProfiles.seasonedAt })
    .from(sellerProfiles)
    .where(eq(sellerProfiles.userId, sellerId));
  if (profile?.seasonedAt) return null;
  const [row] = await ctx.db
    .select({
      onSale:
        sql<bigint>`coalesce(sum(${listings.availableNano} + ${listings.reservedNano} + coalesce(${listings.raiseToNano} - ${listings.faceNano}, 0)), 0)`.mapWith(
          BigInt,
        ),
    })
    .from(listings)
    .where(and(eq(listings.sellerId, sellerId), inArray(listings.state, [...cappedListingStates])));
  return newSellerRoom(row?.onSale ?? 0n, rules);
}

function earliest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((at) => at !== null).map((at) => at.getTime());
  return known.length === 0 ? null : new Date(Math.min(...known));
}

/** Discounts of lots on sale, deepest first, at most 500, for "you would be third of 12 lots by price". */
export async function discountsOnSale(ctx: Ctx): Promise<number[]> {
  const rows = await ctx.db
    .select({ discountBps: listings.discountBps })
    .from(listings)
    .where(and(eq(listings.provider, 'replicate'), eq(listings.state, 'active'), sql`${listings.availableNano} > 0`))
    .orderBy(desc(listings.discountBps))
    .limit(500);
  return rows.map((row) => row.discountBps);
}
