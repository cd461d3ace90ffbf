import { z } from 'zod';
import { day, readFilters, words, type FiltersOf } from '~/queries/read-filters';

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

export type AuditFilters = FiltersOf<typeof fields>;

/** Reads the filters of the audit log from an address. */
export function readAuditFilters(query: URLSearchParams) {
  return readFilters(fields, query);
}
