import { beforeAll, expect, it } from 'vitest';
import { mintAccessKey } from '~/modules/metering/index.server';
import { DAY_MS } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { findWalletRuns, walletRunBatches } from '~/queries/buying/wallet-runs.server';
import { readRunFilters, type RunFilters } from '~/queries/buying/run-filters';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aPurchase, aRun, burn } from '~tests/factories/transactions';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
let buyer: Person;

beforeAll(async () => {
  const { listing } = await aListing(market, { admin: await anAdmin(market), onSale: 200 });
  buyer = await aPerson(market);
  const other = await aPerson(market);
  await aPurchase(market, buyer, listing, 50);
  await aPurchase(market, other, listing, 50);
  await burn(buyer, usdNano(1));
  await burn(other, usdNano(2));
  market.advance(2 * DAY_MS);
  await burn(buyer, usdNano(3));
  await aRun(buyer, usdNano(4));
});

const bounds = async (filters: RunFilters) => (await findWalletRuns(buyer.ctx(), null, filters)).runs.map((run) => run.authorizedNano);

it('the list of a buyer’s runs filters by model, state, key and day', async () => {
  expect(await bounds({})).toEqual([usdNano(4), usdNano(3), usdNano(1)]);
  expect(await bounds({ model: 'FLUX-schnell' })).toHaveLength(3);
  expect(await bounds({ model: 'no_such%' })).toEqual([]);
  expect(await bounds({ state: 'charged' })).toEqual([usdNano(3), usdNano(1)]);
  expect(await bounds({ state: 'running' })).toEqual([usdNano(4)]);
  expect(await bounds({ key: (await mintAccessKey(buyer.ctx(), { name: 'unused', cap: '' })).id })).toEqual([]);
  const firstDay = new Date(market.services.clock.now().getTime() - 2 * DAY_MS).toISOString().slice(0, 10);
  const { filters } = readRunFilters(new URLSearchParams({ from: firstDay, until: firstDay }));
  expect(await bounds(filters)).toEqual([usdNano(1)]);
});

it('the file of runs holds all of the buyer’s own and no others', async () => {
  const seen = [];
  for await (const batch of walletRunBatches(buyer.ctx(), {})) seen.push(...batch);
  expect(seen.map((run) => run.authorizedNano)).toEqual([usdNano(4), usdNano(3), usdNano(1)]);
});
