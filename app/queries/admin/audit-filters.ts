import { z } from 'zod';
import { day, readFilters, words, type FiltersOf } from '~/queries/read-filters';

const fields = {
  /** A part of the actor's name, or the id. */
  who: words.optional(),
  action: z
    .string()
    .regex(/^[a-z_.]{1,60}$/, 'Choose one of the list.')
    .optional(),
  /** A whole or short id, or any other subject of a record. */
  subject: words.optional(),
  /** Both days are included. */
  from: day.optional(),
  until: day.optional(),
};

export type AuditFilters = FiltersOf<typeof fields>;

/** Reads the filters of the audit log from an address. */
export function readAuditFilters(query: URLSearchParams) {
  return readFilters(fields, query);
}
