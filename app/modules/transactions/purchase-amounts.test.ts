import { expect, it } from 'vitest';
import { usdNano } from '~/platform/money';
import { computeAmounts, burnWindowEnd, settlementDay } from './purchase-amounts';

it('splits the price of the published example', () => {
  expect(computeAmounts(usdNano(816), 5_800, 1_000)).toEqual({ priceCents: 34_272n, feeCents: 3_427n, sellerTotalCents: 30_845n });
});

it('rounds the price up and the fee down', () => {
  expect(computeAmounts(1n, 5_000, 1_000)).toEqual({ priceCents: 1n, feeCents: 0n, sellerTotalCents: 1n });
});

it('settles at the end of the burn window or 60 days after the payment, whichever is first', () => {
  const paid = new Date('2026-11-22T14:05:00Z');
  expect(burnWindowEnd(new Date('2026-12-09T00:00:00Z'))).toEqual(new Date('2026-12-08T00:00:00Z'));
  expect(settlementDay(new Date('2026-12-09T00:00:00Z'), paid, 60)).toEqual(new Date('2026-12-08T00:00:00Z'));
  expect(settlementDay(new Date('2027-09-01T00:00:00Z'), paid, 60)).toEqual(new Date('2027-01-21T14:05:00Z'));
});
