import { z } from 'zod';
import { parseDateInput } from '~/platform/dates';

const words = z
  .string()
  .trim()
  .max(200, 'At most 200 characters.')
  .regex(/^\P{Cc}*$/u, 'Letters, digits and signs, on one line.')
  .transform((text) => text || undefined);

const day = z.string().transform((text, issue) => {
  const at = parseDateInput(text);
  if (at) return at;
  issue.addIssue({ code: 'custom', message: 'A day, such as 2027-01-31.' });
  return z.NEVER;
});

const fields = {
  /** A part of the name of who did it, or the id. */
  who: words.optional(),
  action: z
    .string()
    .regex(/^[a-z_.]{1,60}$/, 'Choose one of the list.')
    .optional(),
  /** A whole or short id of ours, or what else a record is about. */
  subject: words.optional(),
  /** Both days belong to it. */
  from: day.optional(),
  until: day.optional(),
};

export type AuditFilters = { [K in keyof typeof fields]?: z.output<(typeof fields)[K]> };

/** Reads the filters of the audit log from an address. What cannot be read is left out and told, a sentence by name. */
export function readAuditFilters(query: URLSearchParams): { filters: AuditFilters; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const filters = Object.entries(fields).flatMap(([name, schema]) => {
    const read = schema.safeParse(query.get(name) || undefined);
    if (!read.success) errors[name] = read.error.issues[0]?.message ?? 'This cannot be read.';
    return read.success && read.data !== undefined ? [[name, read.data] as const] : [];
  });
  return { filters: Object.fromEntries(filters), errors };
}

export const auditFilterNames = Object.keys(fields);
