import { and, asc, eq, gt, gte, ilike, or, sql, type SQL } from 'drizzle-orm';
import { listings } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import { idToUuid, type ListingId } from '~/platform/ids';
import { cursorOf, type ListingFilters, type ListingKey, type ListingSort } from './listing-filters';

export const pageSize = 24;

/** What the market shows of a lot. The seller's public fields stand on the listing, so this reads one table. */
const row = {
  id: listings.id,
  provider: listings.provider,
  faceNano: listings.faceNano,
  listedNano: listings.listedNano,
  availableNano: listings.availableNano,
  soldNano: listings.soldNano,
  minNano: listings.minNano,
  discountBps: listings.discountBps,
  creditExpiresAt: listings.creditExpiresAt,
  level: listings.level,
  sellerName: listings.sellerName,
  sellerSince: listings.sellerSince,
  sellerBurnedNano: listings.sellerBurnedNano,
  sellerFailedLots: listings.sellerFailedLots,
  publishedAt: listings.publishedAt,
};

export type ListingRow = Awaited<ReturnType<typeof findListings>>['rows'][number];

const keys = { cheapest: listings.discountBps, largest: listings.availableNano, latest: listings.creditExpiresAt } as const;

/**
 * One page of the lots on sale, in the order asked for, starting after a key. No count and no offset: the cost is the page's, whatever
 * the market's size. `minDaysLeft` is the market's rule on how close to its expiry credit may be sold.
 */
export async function findListings(ctx: Ctx, filters: ListingFilters, minDaysLeft: number) {
  const sort = filters.sort ?? 'cheapest';
  const rows = await ctx.db
    .select(row)
    .from(listings)
    .where(and(onSale(ctx, minDaysLeft), ...conditions(filters), afterKey(filters.after)))
    .orderBy(sql`${keys[sort]} desc nulls last`, asc(listings.id))
    .limit(pageSize + 1);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return { rows: page, next: rows.length > pageSize && last ? toCursor(sort, last) : null };
}

/** How many lots are on sale, and how much credit, under the same filters; for the head of the page, bounded. */
export async function summarizeListings(ctx: Ctx, filters: ListingFilters, minDaysLeft: number) {
  const matching = ctx.db
    .select({ availableNano: listings.availableNano, faceNano: listings.faceNano })
    .from(listings)
    .where(and(onSale(ctx, minDaysLeft), ...conditions(filters)))
    .limit(summaryBound + 1)
    .as('matching');
  const [summary] = await ctx.db
    .select({
      count: sql<number>`count(*)::int`,
      availableNano: sql<bigint>`coalesce(sum(${matching.availableNano}), 0)`.mapWith(BigInt),
      largestNano: sql<bigint>`coalesce(max(${matching.faceNano}), 0)`.mapWith(BigInt),
    })
    .from(matching);
  const { count, availableNano, largestNano } = summary ?? { count: 0, availableNano: 0n, largestNano: 0n };
  return { count: Math.min(count, summaryBound), more: count > summaryBound, availableNano, largestNano };
}

/** Beyond this many lots the head of the page says "more than". */
const summaryBound = 1_000;

export function onSale(ctx: Ctx, minDaysLeft: number): SQL | undefined {
  return and(
    eq(listings.provider, 'replicate'),
    eq(listings.state, 'active'),
    gt(listings.availableNano, 0n),
    // A crumb that costs less than a card can pay (50 cents) is nobody's best price.
    sql`${listings.availableNano}::numeric * (10000 - ${listings.discountBps}) >= 5000000000000`,
    gt(listings.creditExpiresAt, addDays(ctx.now, minDaysLeft)),
  );
}

function conditions(filters: ListingFilters): (SQL | undefined)[] {
  return [
    filters.discount === undefined ? undefined : gte(listings.discountBps, filters.discount),
    filters.amount === undefined ? undefined : gte(listings.availableNano, filters.amount),
    filters.expires === undefined ? undefined : gte(listings.creditExpiresAt, filters.expires),
    filters.level === undefined ? undefined : gte(listings.level, filters.level),
    filters.q === undefined ? undefined : matchesText(filters.q),
  ];
}

/** The seller's name, or the end of a lot's id as pages show it (`lst_3f09ac`). */
function matchesText(text: string): SQL | undefined {
  const literal = text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
  const idEnd = /^(?:lst_)?([0-9a-f]{6,32})$/i.exec(text)?.[1];
  return or(
    ilike(listings.sellerName, `%${literal}%`),
    idEnd ? sql`replace(${listings.id}::text, '-', '') like ${`%${idEnd.toLowerCase()}`}` : undefined,
  );
}

function toCursor(sort: ListingSort, last: { discountBps: number; availableNano: bigint; creditExpiresAt: Date; id: ListingId }): string {
  const value = { cheapest: String(last.discountBps), largest: last.availableNano.toString(), latest: last.creditExpiresAt.toISOString() }[
    sort
  ];
  return cursorOf({ sort, value, id: last.id });
}

const sqlType = { cheapest: sql`int`, largest: sql`bigint`, latest: sql`timestamptz` } as const;

function afterKey(key: ListingKey | undefined): SQL | undefined {
  if (!key) return undefined;
  const column = keys[key.sort];
  const value = sql`${key.value}::${sqlType[key.sort]}`;
  return sql`(${column} < ${value} or (${column} = ${value} and ${listings.id} > ${idToUuid(key.id)}::uuid))`;
}
