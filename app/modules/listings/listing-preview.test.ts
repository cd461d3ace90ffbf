import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceCents, usdNano } from '~/platform/money';
import { previewListing, previewText, smallestPurchaseNano, splitPrice } from './listing-preview';

const rules = { feeBps: 1_000, tailGuardCents: 2_000, minPurchaseCents: 500 };

describe('the preview of a listing', () => {
  it('takes off the tail guard, the discount and the fee', () => {
    expect(previewText('2,420.00', '45', rules)).toEqual({
      faceNano: usdNano(2_420),
      tailNano: usdNano(20),
      sellableNano: usdNano(2_400),
      discountBps: 4_500,
      priceCents: 132_000n,
      feeCents: 13_200n,
      earningsCents: 118_800n,
      perHundredCents: 4_950n,
    });
  });

  it('shows nothing for text that is no amount', () => {
    for (const text of ['', 'abc', '-5', '1e9', '5.001', '1'.repeat(31)]) expect(previewText(text, '45', rules)).toBeNull();
    expect(previewText('500', '100', rules)).toBeNull();
  });

  it('never sells below zero', () => {
    expect(previewListing(usdNano(5), 4_500, rules)).toMatchObject({ sellableNano: 0n, priceCents: 0n, earningsCents: 0n });
  });

  it('splits every price without a remainder, and never to the buyer’s cost', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.integer({ min: 3_000, max: 7_000 }), (face, bps) => {
        const split = splitPrice(face, bps, rules.feeBps);
        expect(split.feeCents + split.sellerCents).toBe(split.priceCents);
        expect(split.feeCents * 10n <= split.priceCents).toBe(true);
      }),
    );
  });

  it('raises the smallest purchase to the market’s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3_000, max: 7_000 }), fc.bigInt({ min: 1n, max: usdNano(20) }), (bps, own) => {
        const smallest = smallestPurchaseNano(own, bps, 500);
        expect(smallest >= own).toBe(true);
        expect(priceCents(smallest, bps) >= 500n).toBe(true);
      }),
    );
    expect(smallestPurchaseNano(usdNano(5), 5_000, 500)).toBe(usdNano(10));
    expect(smallestPurchaseNano(usdNano(50), 5_000, 500)).toBe(usdNano(50));
  });
});
