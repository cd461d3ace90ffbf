import { afterEach, expect, it } from 'vitest';
import { withdrawListing } from '~/workflows/listing/retire-listings.server';
import { DAY_MS, toDateInput } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { findPriceHistory } from '~/queries/market/price-history.server';
import { findBurnDown } from '~/queries/selling/burn-down.server';
import { aListing, aPerson, listingNow } from '~tests/factories/market';
import { aPurchase, burn } from '~tests/factories/transactions';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
afterEach(() => expectInvariants(market));

it('the burn-down gives a lot’s unburned and unsold credit at the end of each day and ends with its present quantities', async () => {
  const { listing, seller } = await aListing(market, { onSale: 150 });
  const buyer = await aPerson(market);
  await aPurchase(market, buyer, listing, 100);
  market.advance(2 * DAY_MS);
  await burn(buyer, usdNano(25));
  market.advance(DAY_MS);
  await withdrawListing(seller.ctx(), listing.id);

  const ctx = seller.ctx();
  const points = await findBurnDown(ctx, await listingNow(market, listing.id));

  const listed = listing.listedNano;
  expect(points.map(({ unburnedNano, unsoldNano }) => [unburnedNano, unsoldNano])).toEqual([
    [listed, listed],
    [listed, listed - usdNano(100)],
    [listed, listed - usdNano(100)],
    [listed - usdNano(25), listed - usdNano(100)],
    [usdNano(75), 0n],
  ]);
  expect(points.at(-1)?.at).toEqual(ctx.now);
});

it('the burn-down of a lot that was never published is empty', async () => {
  const { listing, seller } = await aListing(market);
  expect(await findBurnDown(seller.ctx(), { ...listing, publishedAt: null })).toEqual([]);
});

it('the price history weights the discounts of a day by the credit sold, for thirty days', async () => {
  market.advance(40 * DAY_MS);
  const cheap = await aListing(market, { discountBps: 6_000, onSale: 500 });
  const dear = await aListing(market, { discountBps: 4_000, onSale: 500 });
  const buyer = await aPerson(market);
  await aPurchase(market, buyer, cheap.listing, 75);
  await aPurchase(market, buyer, dear.listing, 25);
  market.advance(DAY_MS);

  const days = await findPriceHistory(market.system());

  expect(days).toHaveLength(30);
  expect(days.at(-2)).toMatchObject({ discountBps: 5_500, soldNano: usdNano(100) });
  expect(toDateInput(days.at(-1)?.at ?? new Date(0))).toBe(toDateInput(market.system().now));
  expect(days.filter(({ discountBps }) => discountBps !== null)).toHaveLength(1);
});
