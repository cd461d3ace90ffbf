import { and, asc, desc, eq, gt, gte, ilike, lt, or, sql, type SQL } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { PLAN_ANEW } from '~db/client.server';
import { listings } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import type { ListingId } from '~/platform/ids';
import { keep } from './kept.server';
import { cursorOf, filtersToQuery, type ListingFilters, type ListingSort } from './listing-filters';

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
  const rows = await pageQuery(ctx, filters, minDaysLeft);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return { rows: page, next: rows.length > pageSize && last ? toCursor(sort, last) : null };
}

/** After a key come the rest of the lots of its value, then those of lesser values: two short walks along an index instead of one long. */
function pageQuery(ctx: Ctx, filters: ListingFilters, minDaysLeft: number) {
  const key = keys[filters.sort ?? 'cheapest'];
  const lots = (after?: SQL) =>
    ctx.db
      .select(row)
      .from(listings)
      .where(and(onSale(ctx, minDaysLeft), ...conditions(filters), after))
      .orderBy(sql`${key} desc nulls last`, asc(listings.id))
      .limit(pageSize + 1);
  if (!filters.after) return lots();
  const { sort, value, id } = filters.after;
  const last = sql`${value}::${sqlType[sort]}`;
  return unionAll(lots(and(eq(key, last), gt(listings.id, id))), lots(lt(key, last)))
    .orderBy(desc(sql.identifier(key.name)), asc(sql.identifier(listings.id.name)))
    .limit(pageSize + 1);
}

/** How many lots are on sale, and how much credit, under the same filters; for the head of the page, bounded. */
export function summarizeListings(ctx: Ctx, filters: ListingFilters, minDaysLeft: number) {
  const { sort: _sort, ...narrowing } = filtersToQuery(filters);
  return keep(ctx, `summary ${minDaysLeft} ${JSON.stringify(narrowing)}`, () => readSummary(ctx, filters, minDaysLeft));
}

async function readSummary(ctx: Ctx, filters: ListingFilters, minDaysLeft: number) {
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
  return and(eq(listings.provider, 'replicate'), sql`${listings.onSale}`, gt(listings.creditExpiresAt, addDays(ctx.now, minDaysLeft)));
}

function conditions(filters: ListingFilters): (SQL | undefined)[] {
  const { discount, amount, expires, level, q } = filters;
  const filtered = [discount, amount, expires, level, q].some((value) => value !== undefined);
  return [
    filtered ? sql.raw(`${PLAN_ANEW} true`) : undefined,
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
    idEnd ? sql`reverse(replace(${listings.id}::text, '-', '')) like ${`${backwards(idEnd.toLowerCase())}%`}` : undefined,
  );
}

function backwards(text: string): string {
  return [...text].reverse().join('');
}

function toCursor(sort: ListingSort, last: { discountBps: number; availableNano: bigint; creditExpiresAt: Date; id: ListingId }): string {
  const value = { cheapest: String(last.discountBps), largest: last.availableNano.toString(), latest: last.creditExpiresAt.toISOString() }[
    sort
  ];
  return cursorOf({ sort, value, id: last.id });
}

const sqlType = { cheapest: sql`int`, largest: sql`bigint`, latest: sql`timestamptz` } as const;
