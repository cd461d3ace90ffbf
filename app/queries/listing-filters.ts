import { z } from 'zod';
import { parseDateInput } from '~/platform/dates';
import { nanoToInput, parsePercentToBps, parseUsdToNano } from '~/platform/money';

/** The market's filters as they stand in the URL: the page and the API read the same query string. */
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

const dollars = z.string().transform((text, issue) => {
  const nano = parseUsdToNano(text);
  if (nano !== null) return nano;
  issue.addIssue({ code: 'custom', message: 'An amount in dollars, such as 500.' });
  return z.NEVER;
});

const day = z.string().transform((text, issue) => {
  const at = parseDateInput(text);
  if (at) return at;
  issue.addIssue({ code: 'custom', message: 'A day, such as 2027-01-31.' });
  return z.NEVER;
});

export const ListingFilters = z.object({
  q: optional(z.string().trim().max(80, 'At most 80 characters.')),
  discount: optional(percent),
  amount: optional(dollars),
  expires: optional(day),
  level: optional(z.coerce.number({ error: 'A level from 0 to 4.' }).int().min(0).max(4)),
  sort: optional(z.enum(listingSorts, { error: 'cheapest, largest or latest.' })),
  after: optional(z.string().max(200)),
});

export type ListingFilters = z.infer<typeof ListingFilters>;

export interface FilterReading {
  filters: ListingFilters;
  /** What could not be read, by name of the parameter; those filters are left out. */
  errors: Record<string, string>;
}

/** Reads the filters from a query string. What cannot be read is reported and left out, never guessed. */
export function readListingFilters(params: URLSearchParams): FilterReading {
  const given = Object.fromEntries(Object.keys(ListingFilters.shape).flatMap((key) => (params.has(key) ? [[key, params.get(key) ?? '']] : [])));
  const parsed = ListingFilters.safeParse(given);
  if (parsed.success) return { filters: parsed.data, errors: {} };
  const errors = Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), readable(issue)]));
  const usable = Object.fromEntries(Object.entries(given).filter(([key]) => !(key in errors)));
  return { filters: ListingFilters.parse(usable), errors };
}

/** A union reports its branches; the sentence is in the last one. */
function readable(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message;
  return issue.errors.at(-1)?.[0]?.message ?? 'This cannot be read.';
}

/** The filters as query parameters, for links that change one of them. `after` is left out: a changed filter starts at the first page. */
export function filtersToQuery(filters: ListingFilters): Record<string, string | undefined> {
  return {
    q: filters.q,
    discount: filters.discount === undefined ? undefined : String(filters.discount / 100),
    amount: filters.amount === undefined ? undefined : nanoToInput(filters.amount).replace(/\.00$/, ''),
    expires: filters.expires?.toISOString().slice(0, 10),
    level: filters.level === undefined ? undefined : String(filters.level),
    sort: filters.sort,
  };
}
