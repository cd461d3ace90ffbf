import { expect, it } from 'vitest';
import { computeUnburned } from '~/modules/ledger/flows';
import { usdNano } from '~/platform/money';
import { standingOf } from './money-lines';

const paid = {
  priceCents: 14_400n,
  sellerTotalCents: 12_960n,
  feeCents: 1_440n,
  refundedCents: 0n,
  releasedSellerCents: 0n,
  releasedFeeCents: 0n,
  lostCents: 0n,
};
const burn = { creditNano: usdNano(300), capturedNano: 6_438_367_500n };

it('counts what was burned before the ledger releases it: what is held is what a refund would give back', () => {
  expect(standingOf(paid, burn)).toEqual({ sellerCents: 278n, feeCents: 30n, heldCents: 14_092n });
  expect(standingOf(paid, burn).heldCents).toBe(computeUnburned(paid, burn));
});

it('goes by the ledger where that is ahead, such as after settlement day, and before there is a grant', () => {
  const settled = { ...paid, releasedSellerCents: 12_960n, releasedFeeCents: 1_440n };
  expect(standingOf(settled, burn)).toEqual({ sellerCents: 12_960n, feeCents: 1_440n, heldCents: 0n });
  expect(standingOf(paid, null)).toEqual({ sellerCents: 0n, feeCents: 0n, heldCents: 14_400n });
});

it('never shows less than nothing as held after a refund in full made by hand', () => {
  const refunded = { ...paid, refundedCents: 14_400n, lostCents: 0n };
  expect(standingOf(refunded, burn)).toEqual({ sellerCents: 0n, feeCents: 0n, heldCents: 0n });
});
