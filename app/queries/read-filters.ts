import { z } from 'zod';
import { parseDateInput } from '~/platform/dates';

/** One line of search words. */
export const words = z
  .string()
  .trim()
  .max(200, 'At most 200 characters.')
  .regex(/^\P{Cc}*$/u, 'Letters, digits and signs, on one line.')
  .transform((text) => text || undefined);

/** A day as a date field sends it: 00:00 UTC. */
export const day = z.string().transform((text, issue) => {
  const at = parseDateInput(text);
  if (at) return at;
  issue.addIssue({ code: 'custom', message: 'A day, such as 2027-01-31.' });
  return z.NEVER;
});

type Fields = Record<string, z.ZodType>;
export type FiltersOf<F extends Fields> = { [K in keyof F]?: z.output<F[K]> };

/** Reads filters from a query string. Unreadable ones are left out and reported by name. `typed` holds the texts for the form. */
export function readFilters<F extends Fields>(fields: F, query: URLSearchParams) {
  const errors: Record<string, string> = {};
  const typed: Record<string, string> = {};
  const filters = Object.entries(fields).flatMap(([name, schema]) => {
    const text = query.get(name) || undefined;
    if (text !== undefined) typed[name] = text;
    const read = schema.safeParse(text);
    if (!read.success && text !== undefined) errors[name] = read.error.issues[0]?.message ?? 'This cannot be read.';
    return read.success && read.data !== undefined ? [[name, read.data] as const] : [];
  });
  return { filters: Object.fromEntries(filters) as FiltersOf<F>, errors, typed };
}
