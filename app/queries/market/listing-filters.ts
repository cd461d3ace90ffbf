import { z } from 'zod';
import { readLevel } from '~/modules/listings/levels';
import { parseDateInput } from '~/platform/dates';
import { isId, type ListingId } from '~/platform/ids';
import { NANO_PER_USD, parsePercentToBps, parseUsdToNano } from '~/platform/money';

/** The market's filters in a query string, shared by the page and the API. */
export const listingSorts = ['cheapest', 'largest', 'latest'] as const;
export type ListingSort = (typeof listingSorts)[number];

const empty = z.literal('').transform(() => undefined);
const optional = <S extends z.ZodType>(schema: S) => z.union([empty, schema]).optional();

const percent = z.string().transform((text, issue) => {
  const bps = parsePercentToBps(text);
  if (bps !== null && bps <= 10_000) return bps;
  issue.addIssue({ code: 'custom', message: 'A percentage from 0 to 100, such as 45.' });
  return z.NEVER;
});

/** More than any lot holds, and within the range of bigint. */
const mostNano = 1_000_000_000n * NANO_PER_USD;

const dollars = z.string().transform((text, issue) => {
  const nano = parseUsdToNano(text);
  if (nano !== null && nano <= mostNano) return nano;
  issue.addIssue({ code: 'custom', message: 'An amount in dollars, such as 500.' });
  return z.NEVER;
});

const day = z.string().transform((text, issue) => {
  const at = parseDateInput(text);
  if (at) return at;
  issue.addIssue({ code: 'custom', message: 'A day, such as 2027-01-31.' });
  return z.NEVER;
});

const level = z
  .string()
  .regex(/^\d$/, 'A level: 1 (token checked) or 4 (seasoned seller).')
  .transform((text, issue) => {
    const read = readLevel(Number(text));
    if (read !== null) return read;
    issue.addIssue({ code: 'custom', message: 'A level: 1 (token checked) or 4 (seasoned seller).' });
    return z.NEVER;
  });

const words = z
  .string()
  .trim()
  .max(80, 'At most 80 characters.')
  .regex(/^\P{Cc}*$/u, 'Letters, digits and signs, on one line.')
  .transform((text) => text || undefined);

const listingFields = z.object({
  q: optional(words),
  discount: optional(percent),
  amount: optional(dollars),
  expires: optional(day),
  level: optional(level),
  sort: optional(z.enum(listingSorts, { error: 'cheapest, largest or latest.' })),
  after: optional(z.string().max(200, 'Not a cursor of this list.')),
});

/** Every parameter that the market's page and the API read. */
export const listingFilterNames = Object.keys(listingFields.shape);

/** The last lot of the previous page: its sort value and id. Valid for one sort order only. */
export interface ListingKey {
  sort: ListingSort;
  value: string;
  id: ListingId;
}

/** Encodes the key as an opaque cursor for URLs. */
export function encodeCursor(key: ListingKey): string {
  return encode(`${key.sort}|${key.value}|${key.id}`);
}

const readableValue: Record<ListingSort, (value: string) => boolean> = {
  cheapest: (value) => /^\d{1,5}$/.test(value),
  largest: (value) => /^\d{1,18}$/.test(value),
  latest: (value) => /^\d{4}-[\d-]{5}T[\d:.]{12}Z$/.test(value) && !Number.isNaN(Date.parse(value)),
};

function readCursor(cursor: string, order: ListingSort): ListingKey | null {
  const [sort, value = '', id, ...more] = decode(cursor).split('|');
  return sort === order && isId('listing', id) && readableValue[order](value) && more.length === 0 ? { sort: order, value, id } : null;
}

export const ListingFilters = listingFields.transform(({ after, ...filters }, issue) => {
  if (after === undefined) return { ...filters, after: undefined };
  const key = readCursor(after, filters.sort ?? 'cheapest');
  if (!key)
    issue.addIssue({
      code: 'custom',
      path: ['after'],
      message: 'Not a cursor of this list in this order. Leave it out to begin at the first page.',
    });
  return { ...filters, after: key ?? undefined };
});

export type ListingFilters = Omit<z.output<typeof ListingFilters>, 'after'> & { after?: ListingKey | undefined };

export interface FilterReading {
  filters: ListingFilters;
  /** Messages for unreadable parameters, by name; those filters are left out. */
  errors: Record<string, string>;
}

/** Reads the filters from a query string. Unreadable ones are reported and left out. */
export function readListingFilters(params: URLSearchParams): FilterReading {
  return readFields(Object.fromEntries(listingFilterNames.flatMap((key) => (params.has(key) ? [[key, params.get(key) ?? '']] : []))));
}

function readFields(given: Record<string, string>): FilterReading {
  const parsed = ListingFilters.safeParse(given);
  if (parsed.success) return { filters: parsed.data, errors: {} };
  const errors = Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), readable(issue)]));
  // Parse again without the wrong ones: a cursor can only be read once its order is known.
  const rest = readFields(Object.fromEntries(Object.entries(given).filter(([key]) => !(key in errors))));
  return { filters: rest.filters, errors: { ...errors, ...rest.errors } };
}

/** A zod union reports each branch; our message is in the last one. */
function readable(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message;
  return issue.errors.at(-1)?.[0]?.message ?? 'This cannot be read.';
}

/** The filters as query parameters, for links that change one of them; without `after`, so that they lead to the first page. */
export function filtersToQuery(filters: ListingFilters): Record<string, string | undefined> {
  return {
    q: filters.q,
    discount: filters.discount === undefined ? undefined : String(filters.discount / 100),
    amount: filters.amount === undefined ? undefined : exactDollars(filters.amount),
    expires: filters.expires?.toISOString().slice(0, 10),
    level: filters.level === undefined ? undefined : String(filters.level),
    sort: filters.sort,
  };
}

/** Dollars in the shortest exact form: 500, 0.5. */
function exactDollars(nano: bigint): string {
  const fraction = (nano % NANO_PER_USD).toString().padStart(9, '0').replace(/0+$/, '');
  return `${nano / NANO_PER_USD}${fraction && `.${fraction}`}`;
}

/** Base64url without Buffer, since browsers run this file too. */
function encode(text: string): string {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function decode(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
