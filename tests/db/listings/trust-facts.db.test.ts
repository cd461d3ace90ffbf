import { sql } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { addSellerBurn } from '~/modules/accounts/index.server';
import { copySellerFacts, pauseForCheck } from '~/modules/listings/index.server';
import { atomic } from '~/platform/context';
import { HOUR_MS } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { readListingFilters } from '~/queries/market/listing-filters';
import { findListingPage } from '~/queries/market/listing.server';
import { failLot } from '~/workflows/failing/fail-lot.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { raiseFaceValue } from '~/workflows/listing/raise-face-value.server';
import { aListing, anAdmin, aPerson, aSubmittedListing, listingNow, pay, startPurchase } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
afterEach(() => expectInvariants(market));

async function fail(listing: { id: Parameters<typeof failLot>[1] }): Promise<void> {
  const ctx = market.system();
  await pauseForCheck(ctx, listing.id, { reason: 'Replicate refuses the seller’s token', mendHours: 1, creditLacks: false });
  market.advance(2 * HOUR_MS);
  await failLot(market.system(), listing.id);
}

describe('the level of a lot', () => {
  it('is 1 for a new seller, even if an admin posts another', async () => {
    const admin = await anAdmin(market);
    const { listing } = await aSubmittedListing(market, { seller: await aPerson(market), onSale: 500 });
    const posted = { intent: 'approve', documents: 'on' } as const;
    expect((await decideListing(admin.ctx(), listing.id, posted)).level).toBe(1);
  });

  it('rises on all lots of a seller after enough burns, and falls when one lot fails', async () => {
    const seller = await aPerson(market);
    const { listing: kept } = await aListing(market, { seller, onSale: 200 });
    const { listing: failing } = await aListing(market, { seller, onSale: 200 });
    await atomic(market.system(), async (tx) => {
      await addSellerBurn(tx, seller.id, usdNano(500));
      await copySellerFacts(tx, [seller.id]);
    });
    expect((await listingNow(market, kept.id)).level).toBe(4);
    await fail(failing);
    expect((await listingNow(market, kept.id)).level).toBe(1);
    expect((await listingNow(market, failing.id)).level).toBe(1);
  });

  it('is always 1 or 4, since nothing else is checked', async () => {
    const { listing } = await aListing(market);
    const { db } = market.system();
    await expect(db.execute(sql`update listings set level = 2 where id = ${listing.id.slice(4)}::uuid`)).rejects.toThrow();
    for (const level of ['0', '2', '3']) expect(readListingFilters(new URLSearchParams({ level })).errors).toHaveProperty('level');
    for (const level of ['1', '4']) expect(readListingFilters(new URLSearchParams({ level })).errors).toEqual({});
  });
});

describe('the page of a lot', () => {
  it('shows dated facts: declared, account recorded, token checked, seasoned', async () => {
    const { listing } = await aListing(market);
    const page = await findListingPage(market.system(), listing.id);
    expect(page?.trust).toMatchObject({
      declaredAt: listing.createdAt,
      accountRecordedAt: expect.any(Date) as Date,
      lastCheck: { passed: true, at: listing.createdAt },
      seasonedAt: expect.any(Date) as Date,
    });
  });

  it('dates the declared balance by the raise once that is approved, not before', async () => {
    const admin = await anAdmin(market);
    const { listing, seller } = await aListing(market, { onSale: 100 });
    const declaredAt = async () => (await findListingPage(market.system(), listing.id))?.trust.declaredAt;
    market.advance(HOUR_MS);
    const asked = await raiseFaceValue(seller.ctx(), { listingId: listing.id, toNano: usdNano(320) });
    expect(await declaredAt()).toEqual(listing.createdAt);
    await decideListing(admin.ctx(), listing.id, { intent: 'approve_raise', raiseTo: usdNano(320) });
    expect(await declaredAt()).toEqual(asked.submittedAt);
  });

  it('counts a failed lot against its seller, on its own page too', async () => {
    const { listing } = await aListing(market);
    await fail(listing);
    const page = await findListingPage(market.system(), listing.id);
    expect(page?.listing).toMatchObject({ state: 'failed', sellerFailedLots: 1, sellerBurnedNano: 0n });
    expect(page?.trust).toMatchObject({ lastCheck: { passed: false }, seasonedAt: null });
    expect(await listingNow(market, listing.id)).toMatchObject({ sellerFailedLots: 1, sellerBurnedNano: 0n });
  });

  it('shows the seller’s later failures on lots that ended earlier', async () => {
    const { listing: first, seller } = await aListing(market);
    await fail(first);
    const { listing: second } = await aListing(market, { seller, onSale: 300 });
    await fail(second);
    expect((await findListingPage(market.system(), first.id))?.listing.sellerFailedLots).toBe(2);
  });

  it('distinguishes reserved from sold credit', async () => {
    const { listing } = await aListing(market, { onSale: 100 });
    const bought = await startPurchase(market, listing, { amount: 30 });
    await pay(market, bought.checkoutId);
    await startPurchase(market, listing, { amount: 20 });
    expect((await findListingPage(market.system(), listing.id))?.listing).toMatchObject({
      soldNano: usdNano(30),
      reservedNano: usdNano(20),
      availableNano: usdNano(50),
    });
  });
});
