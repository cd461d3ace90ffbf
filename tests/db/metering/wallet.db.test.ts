import { beforeAll, describe, expect, it } from 'vitest';
import { firstRules } from '~/modules/policy/policy-rules';
import { DAY_MS, HOUR_MS } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { sellerPage } from '~/queries/selling/sell.server';
import { findShell } from '~/queries/people/shell.server';
import { findTransactionPage } from '~/queries/buying/transaction.server';
import { findWallet } from '~/queries/buying/wallet.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { takeRefundNow } from '~/workflows/failing/take-refund-now.server';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aPurchase, burn } from '~tests/factories/transactions';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
let admin: Person;

beforeAll(async () => {
  admin = await anAdmin(market);
});

const sellersView = (seller: Person) => sellerPage(seller.ctx(), seller.id, null, firstRules.feeBps);

describe('a wallet with a frozen grant', () => {
  it('shows it separately, with reason, deadline and refund; the seller’s figures no longer include it', async () => {
    const failing = await aListing(market, { admin, onSale: 200 });
    const healthy = await aListing(market, { admin, onSale: 200 });
    const buyer = await aPerson(market);
    const frozen = await aPurchase(market, buyer, failing.listing, 100);
    await burn(buyer, usdNano(20));
    await aPurchase(market, buyer, healthy.listing, 50);
    expect((await sellersView(failing.seller)).totals).toMatchObject({ toComeCents: 3_600n, frozenCents: 0n });
    const failedAt = market.services.clock.now();
    await reportLotFailure(market.system(), { listingId: failing.listing.id, reason: 'no_credit', detail: 'test' });

    const wallet = await findWallet(buyer.ctx());
    expect(wallet).toMatchObject({ leftCents: 5_000n, frozenCents: 8_000n, paidCents: 2_500n });
    expect(wallet.open.map((grant) => grant.listingId)).toEqual([healthy.listing.id]);
    expect(wallet.frozen).toEqual([
      expect.objectContaining({
        transactionId: frozen.transactionId,
        unburnedCents: 4_000n,
        closingReason: null,
        pauseReason: 'Replicate says the seller’s account has no credit left.',
      }),
    ]);
    const hours = ((wallet.frozen[0]?.mendUntilAt?.getTime() ?? 0) - failedAt.getTime()) / HOUR_MS;
    expect(Math.round(hours)).toBe(firstRules.mendHours);
    expect((await findShell(buyer.ctx())).viewer).toMatchObject({ walletNano: usdNano(50) });
    expect((await findTransactionPage(buyer.ctx(), frozen.transactionId)).mendUntilAt).toEqual(wallet.frozen[0]?.mendUntilAt);

    const seller = await sellersView(failing.seller);
    expect(seller.totals).toMatchObject({ earnedCents: 900n, toComeCents: 0n, heldCents: 4_000n, frozenCents: 4_000n });
    expect(seller.mendUntilAt).toEqual(wallet.frozen[0]?.mendUntilAt);

    await takeRefundNow(buyer.ctx(), frozen.transactionId);
    expect((await findWallet(buyer.ctx())).frozenCents).toBe(0n);
    expect((await sellersView(failing.seller)).totals).toMatchObject({ toComeCents: 0n, heldCents: 0n, frozenCents: 0n });
    await expectInvariants(market);
  });

  it('adds up all grants that end on the next day, and warns when the buyer burns too slowly', async () => {
    const { listing } = await aListing(market, { admin, onSale: 400, daysLeft: 45 });
    const buyer = await aPerson(market);
    await aPurchase(market, buyer, listing, 30);
    await aPurchase(market, buyer, listing, 45);
    expect((await findWallet(buyer.ctx())).nextWindow).toMatchObject({ availableNano: usdNano(75) });
    expect((await findWallet(buyer.ctx())).atRisk).toBeNull();
    market.advance(8 * DAY_MS);
    await burn(buyer, usdNano(0.35));
    const wallet = await findWallet(buyer.ctx());
    expect(wallet.paceNano).toBe(usdNano(0.05));
    expect(wallet.atRisk).toMatchObject({ availableNano: usdNano(74.65) });
    expect(wallet.atRisk?.daysLeft).toBeGreaterThan(21);
    expect(wallet.atRisk?.unburnedNano).toBeGreaterThan(usdNano(70));
  });
});

it('shows the same cents as burned in 30 days and in the column of the grants', async () => {
  const { listing } = await aListing(market, { admin, onSale: 200 });
  const buyer = await aPerson(market);
  for (const amount of [20, 30]) await aPurchase(market, buyer, listing, amount);
  await burn(buyer, 20_003_000_001n);
  const { open, ended, burnedCents } = await findWallet(buyer.ctx());
  expect([...open, ...ended].reduce((sum, grant) => sum + grant.shown.burnedCents, 0n)).toBe(2_001n);
  expect(burnedCents).toBe(2_001n);
});
