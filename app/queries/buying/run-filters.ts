import { z } from 'zod';
import { idSchema } from '~/platform/ids';
import { day, readFilters, words, type FiltersOf } from '~/queries/read-filters';

const fields = {
  /** A part of the model's name. */
  model: words.optional(),
  key: idSchema('accessKey').optional(),
  /** Under way, charged, or free. */
  state: z.enum(['running', 'charged', 'free'], { error: 'Choose one of the list.' }).optional(),
  /** Both days are included, UTC. */
  from: day.optional(),
  until: day.optional(),
};

export type RunFilters = FiltersOf<typeof fields>;

/** Reads the filters of a wallet's runs from an address. */
export function readRunFilters(query: URLSearchParams) {
  return readFilters(fields, query);
}
