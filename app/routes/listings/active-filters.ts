import { levelNames } from '~/modules/listings/levels';
import { paths } from '~/paths';

type FilterQuery = Record<string, string | undefined>;

const words: Record<string, (value: string) => string> = {
  q: (value) => `“${value}”`,
  discount: (value) => `${value}% or more`,
  amount: (value) => `$${value} or more available`,
  expires: (value) => `Expires after ${value}`,
  level: (value) => (value === '4' ? `L4 ${levelNames[4]}` : 'L1 or L4'),
};

/** The active filters, each with a link to the page without it. */
export function activeFilters(query: FilterQuery): { label: string; removeTo: string }[] {
  return Object.entries(words).flatMap(([key, label]) => {
    const value = query[key];
    return value ? [{ label: label(value), removeTo: paths.listings({ ...query, [key]: undefined }) }] : [];
  });
}
