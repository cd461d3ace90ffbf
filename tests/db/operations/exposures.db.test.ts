import { expect, it } from 'vitest';
import { exposures, runs } from '~db/schema';
import { addDays } from '~/platform/dates';
import { newId } from '~/platform/ids';
import { adminExposures } from '~/queries/admin/admin-exposures.server';
import { operationsFigures } from '~/queries/admin/operations-figures.server';
import { anAdmin, aPerson } from '~tests/factories/market';
import { aWallet, getUserId } from '~tests/factories/runs';
import { calling, flux, prompt } from '~tests/db/gateway/calling';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
const calls = calling(market);

it('admins see exposures by reason, buyer and run, in pages; others see nothing', async () => {
  const wallet = await aWallet(market, { usd: 10 });
  await calls.post(wallet.key, flux, prompt);
  const [run] = await market.system().db.select().from(runs);
  if (!run) throw new Error('no run');
  const { now, db } = market.system();
  const row = (reason: string, usd: bigint, daysAgo: number) => ({
    id: newId('exposure', now),
    buyerId: run.buyerId,
    runId: run.id,
    listingId: run.listingId,
    reason,
    amountNano: usd * 1_000_000_000n,
    createdAt: addDays(now, -daysAgo),
  });
  const sixty = Array.from({ length: 60 }, (_, day) => row('canceled_without_metrics', 1n, day / 10));
  await db.insert(exposures).values([...sixty, row('other_model', 7n, 1), row('above_authorization', 100n, 40)]);

  await expect(adminExposures((await aPerson(market)).ctx(), null)).rejects.toMatchObject({ status: 404 });
  const admin = (await anAdmin(market)).ctx();
  const first = await adminExposures(admin, null);
  expect(first.byBuyer).toMatchObject([{ buyerId: getUserId(wallet.buyer), count: 60, nano: 60_000_000_000n }]);
  expect(Object.fromEntries(first.byReason.map(({ reason, nano }) => [reason, nano]))).toEqual({
    canceled_without_metrics: 60_000_000_000n,
    other_model: 7_000_000_000n,
  });
  expect(first.exposures[0]).toMatchObject({ model: 'black-forest-labs/flux-schnell', upstreamId: run.upstreamId });
  const second = await adminExposures(admin, first.nextBefore);
  const ids = [...first.exposures, ...second.exposures].map(({ id }) => id);
  expect([new Set(ids).size, first.exposures.length, second.nextBefore]).toEqual([62, 50, null]);

  const figures = await operationsFigures(market.system());
  const exposed = figures.filter(({ name }) => name === 'exposures_cents').map(({ label, value }) => [label, value]);
  expect(Object.fromEntries(exposed)).toEqual({ canceled_without_metrics: 6_000, other_model: 700 });
});
