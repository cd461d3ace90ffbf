import { expect, it } from 'vitest';
import { newId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { findQuote } from './home.server';

const rules = { minPurchaseCents: 500, newBuyerMaxPerDayCents: 20_000 };
const lot = (available: number, discountBps: number, min = 10) => ({
  id: newId('listing', new Date()),
  availableNano: usdNano(available),
  minNano: usdNano(min),
  discountBps,
});

it('quotes the largest round amount that one lot sells in one purchase, at the cheapest lot that does', () => {
  const lots = [lot(60, 6_000), lot(310, 5_500), lot(900, 5_000)];
  expect(findQuote(lots, rules)).toMatchObject({
    listingId: lots[2]?.id,
    creditNano: usdNano(400),
    costCents: 20_000n,
    savedCents: 20_000n,
  });
  expect(findQuote(lots.slice(0, 2), rules)).toMatchObject({ listingId: lots[1]?.id, creditNano: usdNano(300), costCents: 13_500n });
  expect(findQuote(lots.slice(0, 1), rules)).toMatchObject({ creditNano: usdNano(50), costCents: 2_000n });
});

it('quotes nothing that is below a lot’s minimum or above what a new buyer may pay', () => {
  expect(findQuote([lot(60, 6_000, 55)], rules)).toBeNull();
  expect(findQuote([lot(60, 6_000)], { ...rules, newBuyerMaxPerDayCents: 300 })).toBeNull();
  expect(findQuote([], rules)).toBeNull();
});
