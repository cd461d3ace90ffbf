import fc from 'fast-check';
import { expect, it } from 'vitest';
import { smallestPurchaseNano, splitPrice } from '~/modules/listings/listing-preview';
import { NANO_PER_CENT, priceCents } from '~/platform/money';
import { computeAmounts } from './purchase-amounts';

const face = fc.bigInt({ min: 1n, max: 1_000_000n * 10n ** 9n });
const discount = fc.integer({ min: 0, max: 9_999 });
const fee = fc.integer({ min: 0, max: 5_000 });
const PARTS = 10_000n;

it('a price is the face value less the discount, rounded up by less than a cent', () => {
  fc.assert(
    fc.property(face, discount, (creditNano, bps) => {
      const exact = creditNano * (PARTS - BigInt(bps));
      const charged = priceCents(creditNano, bps) * NANO_PER_CENT * PARTS;
      expect(charged >= exact && charged - exact < NANO_PER_CENT * PARTS).toBe(true);
    }),
  );
});

it('the price is the sum of fee and seller’s part, and rounding never adds to the fee', () => {
  fc.assert(
    fc.property(face, discount, fee, (creditNano, bps, feeBps) => {
      const { priceCents: price, feeCents, sellerTotalCents } = computeAmounts(creditNano, bps, feeBps);
      expect(feeCents + sellerTotalCents).toBe(price);
      expect(feeCents >= 0n && sellerTotalCents >= 0n).toBe(true);
      expect(feeCents * PARTS <= price * BigInt(feeBps)).toBe(true);
      expect((feeCents + 1n) * PARTS > price * BigInt(feeBps)).toBe(true);
    }),
  );
});

it('a sale of the whole lot brings what its preview showed', () => {
  fc.assert(
    fc.property(face, discount, fee, (creditNano, bps, feeBps) => {
      const { sellerTotalCents, ...sold } = computeAmounts(creditNano, bps, feeBps);
      expect(splitPrice(creditNano, bps, feeBps)).toEqual({ ...sold, sellerCents: sellerTotalCents });
    }),
  );
});

it('a deeper discount never costs more, and more credit never costs less', () => {
  fc.assert(
    fc.property(face, face, discount, discount, (a, b, one, other) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      const [shallow, deep] = one < other ? [one, other] : [other, one];
      expect(priceCents(more, deep) <= priceCents(more, shallow)).toBe(true);
      expect(priceCents(less, deep) <= priceCents(more, deep)).toBe(true);
    }),
  );
});

it('buying in parts is never cheaper than at once, and costs less than a cent more per part', () => {
  fc.assert(
    fc.property(fc.array(face, { minLength: 1, maxLength: 12 }), discount, (parts, bps) => {
      const whole = priceCents(
        parts.reduce((sum, part) => sum + part, 0n),
        bps,
      );
      const inParts = parts.reduce((sum, part) => sum + priceCents(part, bps), 0n);
      expect(inParts >= whole && inParts - whole < BigInt(parts.length)).toBe(true);
    }),
  );
});

it('the smallest purchase reaches both the seller’s and the market’s minimum', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), discount, fc.integer({ min: 50, max: 100_000 }), (minNano, bps, minCents) => {
      const least = smallestPurchaseNano(minNano, bps, minCents);
      expect(least >= minNano).toBe(true);
      expect(priceCents(least, bps) >= BigInt(minCents)).toBe(true);
    }),
  );
});
