import type { Listing } from '~/modules/listings/index.server';
import { aListing, anAdmin, aSeller } from '~tests/factories/market';
import type { TestMarket } from '~tests/setup/market';

const discounts = [3_000, 3_750, 5_000, 6_025];
const sizes = [60, 100, 100, 480.5, 2_000];
const days = [5, 30, 30, 90];

/** Lots on sale by four sellers, with many ties in every sort key. */
export async function manyLots(market: TestMarket, howMany: number): Promise<Listing[]> {
  const admin = await anAdmin(market);
  const sellers = await Promise.all(['Ada Renders', 'Bo & Sons', '100% Legit_Lots', 'Čeněk'].map((name) => aSeller(market, name)));
  const lots: Listing[] = [];
  for (let from = 0; from < howMany; from += 20) {
    const batch = Array.from({ length: Math.min(20, howMany - from) }, (_, index) => {
      const n = from + index;
      const [seller, discountBps, onSale, daysLeft] = [sellers[n % 4], discounts[n % 4], sizes[n % 5], days[Math.floor(n / 4) % 4]];
      return aListing(market, {
        admin,
        ...(seller && { seller }),
        ...(discountBps && { discountBps }),
        ...(onSale && { onSale }),
        ...(daysLeft && { daysLeft }),
        minimum: 1,
      });
    });
    lots.push(...(await Promise.all(batch)).map(({ listing }) => listing));
  }
  return lots;
}
