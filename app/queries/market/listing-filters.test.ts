import fc from 'fast-check';
import { expect, it } from 'vitest';
import { levels } from '~/modules/listings/levels';
import { newId } from '~/platform/ids';
import { NANO_PER_USD } from '~/platform/money';
import { encodeCursor, filtersToQuery, listingSorts, readListingFilters, type ListingFilters } from './listing-filters';

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const words = fc
  .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
  .map((text) => text.trim())
  .filter((text) => text.length > 0 && text.length <= 80 && /^\P{Cc}*$/u.test(text));
const day = fc.integer({ min: 0, max: 36_500 }).map((days) => new Date(days * 86_400_000));

const anyFilters: fc.Arbitrary<ListingFilters> = fc.record({
  q: maybe(words),
  discount: maybe(fc.integer({ min: 0, max: 10_000 })),
  amount: maybe(fc.bigInt({ min: 0n, max: 1_000_000_000n * NANO_PER_USD })),
  expires: maybe(day),
  level: maybe(fc.constantFrom(...levels)),
  sort: maybe(fc.constantFrom(...listingSorts)),
});

const asParams = (query: Record<string, string | undefined>) =>
  new URLSearchParams(Object.entries(query).flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, value]])));

it('filters that go through a URL come back as they were', () => {
  fc.assert(
    fc.property(anyFilters, (filters) => {
      const { filters: back, errors } = readListingFilters(new URLSearchParams(asParams(filtersToQuery(filters)).toString()));
      expect(errors).toEqual({});
      expect({ ...back, after: undefined }).toEqual({ ...filters, after: undefined });
    }),
  );
});

it('a cursor is read in its own order alone', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...listingSorts),
      fc.constantFrom(...listingSorts),
      fc.integer({ min: 0, max: 99_999 }),
      (sort, order, number) => {
        const key = {
          sort,
          value: sort === 'latest' ? new Date(number * 86_400_000).toISOString() : String(number),
          id: newId('listing', new Date(number)),
        };
        const { filters, errors } = readListingFilters(asParams({ sort: order, after: encodeCursor(key) }));
        expect(sort === order ? filters.after : errors['after']).toEqual(sort === order ? key : expect.any(String));
      },
    ),
  );
});

it('whatever stands in a URL is read or named, never thrown', () => {
  const keys = fc.constantFrom('q', 'discount', 'amount', 'expires', 'level', 'sort', 'after', 'other');
  fc.assert(
    fc.property(fc.dictionary(keys, fc.string({ unit: 'binary', maxLength: 300 })), (query) => {
      const { filters, errors } = readListingFilters(asParams(query));
      for (const key of Object.keys(errors)) expect(filters).not.toHaveProperty([key], expect.anything());
      expect(Object.keys(errors).every((key) => key !== 'other')).toBe(true);
    }),
    { numRuns: 500 },
  );
});
