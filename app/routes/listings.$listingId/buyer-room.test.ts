import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NANO_PER_CENT, priceCents, usdNano } from '~/platform/money';
import { amountHint, mostCredit } from './buyer-room';

const lot = { minimumNano: usdNano(10), availableNano: usdNano(580), discountBps: 4_000 };

it('a new buyer reads before buying how much credit may be bought today', () => {
  expect(amountHint(lot, null)).toBe('$10.00 to $580.00.');
  expect(amountHint(lot, 20_000n)).toContain('up to $333.33 of credit today');
  expect(amountHint(lot, 8_651n)).toContain('up to $144.18 of credit today');
  expect(amountHint({ ...lot, availableNano: usdNano(100) }, 20_000n)).toBe('$10.00 to $100.00.');
  expect(amountHint(lot, 100n)).toContain('less than the smallest purchase');
});

it('the amount that is named can be paid, and one cent of credit more cannot', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1_000_000n }), fc.integer({ min: 3_000, max: 7_000 }), (cents, discountBps) => {
      const most = mostCredit(cents, discountBps);
      expect(priceCents(most, discountBps)).toBeLessThanOrEqual(cents);
      expect(priceCents(most + NANO_PER_CENT, discountBps)).toBeGreaterThan(cents);
    }),
  );
});
