import { and, sql } from 'drizzle-orm';
import { isPrepared } from '~db/client.server';
import { listings } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { uuidToId } from '~/platform/ids';
import { toPage } from '~/platform/paging';
import { cached } from './market-cache.server';
import { encodeCursor, filtersToQuery, type ListingFilters, type ListingSort } from './listing-filters';
import { conditions, onSale, pageStatement, placeholderValues } from './listing-statements.server';
import { toListingRow, type ListingColumns } from './public-listing.server';

export const pageSize = 24;

/**
 * One page of the lots on sale, in a sort order, after a key. Its cost does not depend on the market's size. `minDaysLeft`: no sale with
 * fewer days to the credit's expiry.
 */
export async function findListings(ctx: Ctx, filters: ListingFilters, minDaysLeft: number) {
  const { columns, next } = await findListingColumns(ctx, filters, minDaysLeft);
  return { rows: columns.map(toListingRow), next };
}

/** The same page undecoded, for the API, which writes it out again. */
export async function findListingColumns(ctx: Ctx, filters: ListingFilters, minDaysLeft: number) {
  const { text, values } = pageStatement(ctx, filters, { minDaysLeft, rows: pageSize + 1 });
  const found = await ctx.db.sql.unsafe<ListingColumns[]>(text, values, { prepare: isPrepared(text, values) });
  const { rows: columns, next } = toPage(found, pageSize, (last) => toCursor(filters.sort ?? 'cheapest', last));
  return { columns, next };
}

/** The number of matching lots and their credit, for the head of the page; counts at most 1,000. */
export function summarizeListings(ctx: Ctx, filters: ListingFilters, minDaysLeft: number) {
  const { sort: _sort, ...narrowing } = filtersToQuery(filters);
  return cached(ctx, `summary ${minDaysLeft} ${JSON.stringify(narrowing)}`, () => readSummary(ctx, filters, minDaysLeft));
}

async function readSummary(ctx: Ctx, filters: ListingFilters, minDaysLeft: number) {
  const matching = ctx.db
    .select({ availableNano: listings.availableNano, faceNano: listings.faceNano })
    .from(listings)
    .where(and(onSale(sql`${sql.placeholder('expiresAfter')}`), ...conditions(filters)))
    .limit(summaryBound + 1)
    .as('matching');
  const [summary] = await ctx.db
    .select({
      count: sql<number>`count(*)::int`,
      availableNano: sql<bigint>`coalesce(sum(${matching.availableNano}), 0)`.mapWith(BigInt),
      largestNano: sql<bigint>`coalesce(max(${matching.faceNano}), 0)`.mapWith(BigInt),
    })
    .from(matching)
    .prepare('lots_summary')
    .execute(placeholderValues(ctx, filters, minDaysLeft));
  const { count, availableNano, largestNano } = summary ?? { count: 0, availableNano: 0n, largestNano: 0n };
  return { count: Math.min(count, summaryBound), more: count > summaryBound, availableNano, largestNano };
}

/** Above this number the head of the page says "more than". */
const summaryBound = 1_000;

function toCursor(sort: ListingSort, last: ListingColumns): string {
  const value = {
    cheapest: () => String(last.discount_bps),
    largest: () => last.available_nano,
    latest: () => new Date(last.credit_expires_at).toISOString(),
  }[sort]();
  return encodeCursor({ sort, value, id: uuidToId('listing', last.id) });
}
