import { and, asc, desc, eq, fillPlaceholders, gt, gte, ilike, lt, or, sql, type QueryWithTypings, type SQL } from 'drizzle-orm';
import { PgDialect, unionAll } from 'drizzle-orm/pg-core';
import { PLAN_ANEW } from '~db/client.server';
import { listings } from '~db/schema';
import type { Ctx, Db } from '~/platform/context';
import { addDays } from '~/platform/dates';
import { likePattern } from '~/platform/like-pattern';
import { idToUuid } from '~/platform/ids';
import type { ListingFilters } from './listing-filters';
import { publicColumns } from './public-listing.server';

const keys = { cheapest: listings.discountBps, largest: listings.availableNano, latest: listings.creditExpiresAt } as const;
const sqlType = { cheapest: sql`int`, largest: sql`bigint`, latest: sql`timestamptz` } as const;

interface Page {
  /** The market's rule on how close to its expiry credit may be sold. */
  minDaysLeft: number;
  rows: number;
}

const dialect = new PgDialect();
const statements = new Map<string, QueryWithTypings>();

/**
 * One page of the lots on sale. The statement of an order and a set of filters is put together once: what is asked for by them stands in
 * placeholders, all else, as the number of rows, in the text, so that one plan serves everybody.
 */
export function pageStatement(
  ctx: Ctx,
  filters: ListingFilters,
  { minDaysLeft, rows }: Page,
): { text: string; values: (string | number)[] } {
  const given = Object.entries(filters).flatMap(([name, value]) => (value === undefined || name === 'sort' ? [] : [name]));
  const name = [rows, filters.sort, parseIdEnd(filters.q) && 'id', isShort(filters.q) && 'short', ...given.sort()].join();
  const statement = statements.get(name) ?? dialect.sqlToQuery(page(ctx.db, filters, rows).inlineParams());
  statements.set(name, statement);
  const values = fillPlaceholders(statement.params, placeholderValues(ctx, filters, minDaysLeft)) as (string | number)[];
  return { text: statement.sql, values };
}

/** After a key come the rest of the lots of its value, then those of lesser values: two short walks along an index instead of one long. */
function page(db: Db, filters: ListingFilters, rows: number): SQL {
  const sort = filters.sort ?? 'cheapest';
  const key = keys[sort];
  const lots = (after?: SQL) =>
    db
      .select(publicColumns)
      .from(listings)
      .where(and(onSale(unplanned('expiresAfter', sql`timestamptz`)), ...conditions(filters), after))
      .orderBy(sql`${key} desc nulls last`, asc(listings.id))
      .limit(rows);
  if (!filters.after) return lots().getSQL();
  const [value, id] = [unplanned('afterValue', sqlType[sort]), unplanned('afterId', sql`uuid`)];
  return unionAll(lots(and(eq(key, value), gt(listings.id, id))), lots(lt(key, value)))
    .orderBy(desc(sql.identifier(key.name)), asc(sql.identifier(listings.id.name)))
    .limit(rows)
    .getSQL();
}

/** On sale, and good for longer than until a time. */
export function onSale(expiresAfter: Date | SQL): SQL | undefined {
  return and(eq(listings.provider, 'replicate'), sql`${listings.onSale}`, gt(listings.creditExpiresAt, expiresAfter));
}

/** A value that planning does not look at: else the planner would make a plan for each new value, though all of them are alike. */
const unplanned = (name: string, type: SQL) => sql`(select ${sql.placeholder(name)}::${type})`;

/** Until when credit that is sold now must be good at least, where a lot may be sold until `minDaysLeft` before it expires. */
export function soonestExpiry(ctx: Ctx, minDaysLeft: number): Date {
  return addDays(ctx.now, minDaysLeft);
}

/** Each filter that is set, with a placeholder for its value. */
export function conditions(filters: ListingFilters): (SQL | undefined)[] {
  const { discount, amount, expires, level, q } = filters;
  const filtered = [discount, amount, expires, level, q].some((value) => value !== undefined);
  return [
    filtered ? sql.raw(`${PLAN_ANEW} true`) : undefined,
    discount === undefined ? undefined : gte(listings.discountBps, sql.placeholder('discount')),
    amount === undefined ? undefined : gte(listings.availableNano, sql.placeholder('amount')),
    expires === undefined ? undefined : gte(listings.creditExpiresAt, sql.placeholder('expires')),
    level === undefined ? undefined : gte(listings.level, sql.placeholder('level')),
    q === undefined ? undefined : matchesText(q),
  ];
}

/**
 * The seller's name, or the end of a lot's id as pages show it (`lst_3f09ac`). One or two letters are looked for where words begin: the
 * index of names holds three characters in a row, and blanks before a word count.
 */
function matchesText(q: string): SQL | undefined {
  return or(
    ilike(listings.sellerName, sql`${sql.placeholder('sellerName')}`),
    isShort(q) ? ilike(listings.sellerName, sql`${sql.placeholder('sellerWord')}`) : undefined,
    parseIdEnd(q) === undefined ? undefined : sql`reverse(replace(${listings.id}::text, '-', '')) like ${sql.placeholder('idEnd')}`,
  );
}

function isShort(q: string | undefined): q is string {
  return /^[\p{L}\p{N}]{1,2}$/u.test(q ?? '');
}

function parseIdEnd(q: string | undefined): string | undefined {
  return /^(?:lst_)?([0-9a-f]{6,32})$/i.exec(q ?? '')?.[1];
}

/** What the placeholders stand for, as the driver takes it. */
export function placeholderValues(ctx: Ctx, { discount, amount, expires, level, q, after }: ListingFilters, minDaysLeft: number) {
  const idEnd = parseIdEnd(q);
  return {
    expiresAfter: soonestExpiry(ctx, minDaysLeft).toISOString(),
    discount,
    amount: amount?.toString(),
    expires: expires?.toISOString(),
    level,
    sellerName: q === undefined ? undefined : isShort(q) ? `${q}%` : likePattern(q),
    sellerWord: isShort(q) ? `% ${q}%` : undefined,
    idEnd: idEnd === undefined ? undefined : `${backwards(idEnd.toLowerCase())}%`,
    afterValue: after?.value,
    afterId: after === undefined ? undefined : idToUuid(after.id),
  };
}

function backwards(text: string): string {
  return [...text].reverse().join('');
}
