import fc from 'fast-check';
import { expect, it } from 'vitest';
import { centsToNano, NANO_PER_CENT, nanoToCents, partsInCents, usdNano } from './money';

const parts = fc.array(fc.bigInt(0n, 10n ** 14n), { maxLength: 30 });
const rounding = fc.constantFrom('up' as const, 'down' as const);
const sum = (amounts: readonly bigint[]) => amounts.reduce((all, one) => all + one, 0n);

it('shows parts that add up to the total shown', () => {
  fc.assert(
    fc.property(parts, rounding, (nanos, direction) => {
      expect(sum(partsInCents(nanos, direction))).toBe(nanoToCents(sum(nanos), direction));
    }),
  );
});

it('shows no part a whole cent away from what it is, and nothing as nothing', () => {
  fc.assert(
    fc.property(parts, rounding, (nanos, direction) => {
      partsInCents(nanos, direction).forEach((cents, index) => {
        const nano = nanos[index] ?? 0n;
        const off = centsToNano(cents) - nano;
        expect(off > -NANO_PER_CENT && off < NANO_PER_CENT).toBe(true);
        if (nano === 0n) expect(cents).toBe(0n);
      });
    }),
  );
});

it('gives the cents that are over to the largest remainders, the first of equals first', () => {
  expect(partsInCents([3_000_000n, 3_000_000n, 4_000_000n])).toEqual([0n, 0n, 1n]);
  expect(partsInCents([5_000_000n, 5_000_000n])).toEqual([1n, 0n]);
  expect(partsInCents([usdNano(1_000), 6_000_000n, 6_000_000n])).toEqual([100_000n, 1n, 0n]);
});
