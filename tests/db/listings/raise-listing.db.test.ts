import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { listingReviews } from '~db/schema';
import { pauseListing, takeBackRaise, type Listing } from '~/modules/listings/index.server';
import { usdNano } from '~/platform/money';
import { findListings } from '~/queries/market/listings.server';
import { adminQueue } from '~/queries/admin/admin-queue.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { raiseFaceValue } from '~/workflows/listing/raise-face-value.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { withdrawListing } from '~/workflows/listing/retire-listings.server';
import { aListing, anAdmin, aPerson, listingNow, mailsTo, pay, startPurchase, type Person } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raceMany, getRefusal } from '~tests/setup/race';

const market = testMarket();
afterEach(() => expectInvariants(market));

const raise = (seller: Person, listing: Listing, usd: number) =>
  raiseFaceValue(seller.ctx(), { listingId: listing.id, toNano: usdNano(usd) });
const approve = (admin: Person, listing: Listing, usd: number) =>
  decideListing(admin.ctx(), listing.id, { intent: 'approve_raise', raiseTo: usdNano(usd) });

describe('a raise of the face value', () => {
  it('waits for review while the old quantity sells, and adds the increase once approved', async () => {
    const admin = await anAdmin(market);
    const { listing, seller } = await aListing(market, { onSale: 100 });
    await pay(market, (await startPurchase(market, listing, { amount: 60 })).checkoutId);
    const waiting = await raise(seller, listing, 320);
    expect(waiting).toMatchObject({ state: 'active', faceNano: usdNano(120), availableNano: usdNano(40), raiseToNano: usdNano(320) });
    expect((await adminQueue(admin.ctx())).items.map(({ id }) => id)).toContain(listing.id);
    await startPurchase(market, listing, { amount: 40 });

    expect(await approve(admin, listing, 320)).toMatchObject({
      state: 'active',
      faceNano: usdNano(320),
      tailNano: usdNano(20),
      listedNano: usdNano(300),
      availableNano: usdNano(200),
      reservedNano: usdNano(40),
      soldNano: usdNano(60),
      raiseToNano: null,
      priceVersion: listing.priceVersion,
    });
    expect((await findListings(market.system(), { q: listing.id }, 3)).rows).toMatchObject([{ availableNano: usdNano(200) }]);
    expect(await mailsTo(market, seller.email)).toContain('listing.raise_approved');
    const steps = await market.system().db.select().from(listingReviews).where(eq(listingReviews.listingId, listing.id));
    expect(steps.map(({ step, note }) => [step, note])).toEqual(
      expect.arrayContaining([
        ['ask_raise', '$120.00 to $320.00'],
        ['approve_raise', '$120.00 to $320.00'],
      ]),
    );
  });

  it('that is rejected or withdrawn leaves the listing unchanged', async () => {
    const admin = await anAdmin(market);
    const { listing, seller } = await aListing(market, { onSale: 100 });
    await raise(seller, listing, 320);
    const refused = { intent: 'reject_raise', raiseTo: usdNano(320), reasonCode: 'balance_doubtful', note: 'Show the invoice.' } as const;
    await decideListing(admin.ctx(), listing.id, refused);
    expect(await mailsTo(market, seller.email)).toContain('listing.raise_rejected');
    await raise(seller, listing, 220);
    await takeBackRaise(seller.ctx(), listing.id);
    const { submittedAt: _then, updatedAt: _at, ...before } = listing;
    expect(await listingNow(market, listing.id)).toMatchObject(before);
  });

  it('is limited by a new seller’s cap, which frees up as credit sells', async () => {
    const seller = await aPerson(market);
    const { listing } = await aListing(market, { seller, onSale: 600 });
    const refusal = await getRefusal(raise(seller, listing, 1_120));
    expect(refusal).toMatchObject({ status: 422, code: 'new_seller_cap', detail: { field: 'raiseTo' } });
    expect(refusal.message).toContain('raise to $1,020.00 or less');
    await pay(market, (await startPurchase(market, listing, { amount: 300 })).checkoutId);
    expect(await raise(seller, listing, 1_320)).toMatchObject({ raiseToNano: usdNano(1_320) });
    const { listing: second } = await aListing(market, { seller: await aPerson(market), onSale: 100 });
    expect(second.raiseToNano).toBeNull();
  });

  it('counts towards the cap for the next listing of a new seller', async () => {
    const seller = await aPerson(market);
    const { listing } = await aListing(market, { seller, onSale: 500 });
    await raise(seller, listing, 920);
    const next = aListing(market, { seller, onSale: 200 });
    expect((await getRefusal(next)).message).toContain('enter $120.00 or less');
  });

  it('is refused if the token no longer works, with what to do', async () => {
    const { listing, seller } = await aListing(market, { onSale: 100, username: 'raise-revoked' });
    market.replicate.control.revokeToken('raise-revoked');
    const refusal = await getRefusal(raise(seller, listing, 320));
    expect(refusal).toMatchObject({ status: 422 });
    expect(refusal.message).toContain('Replace it below');
  });

  it('is refused below the listed amount, above the largest listing, twice, and for a stranger', async () => {
    const { listing, seller } = await aListing(market, { onSale: 100 });
    for (const usd of [120, 60, 1_000_001])
      expect(await getRefusal(raise(seller, listing, usd))).toMatchObject({ status: 422, detail: { field: 'raiseTo' } });
    expect(await getRefusal(raise(await aPerson(market), listing, 320))).toMatchObject({ status: 404 });
    await raise(seller, listing, 320);
    expect(await getRefusal(raise(seller, listing, 420))).toMatchObject({ status: 409, code: 'raise_waits' });
    expect(await getRefusal(takeBackRaise((await aPerson(market)).ctx(), listing.id))).toMatchObject({ status: 404 });
  });

  it('is refused while a check is open, and ends with the listing', async () => {
    const admin = await anAdmin(market);
    const { listing, seller } = await aListing(market, { onSale: 100 });
    await raise(seller, listing, 320);
    await reportLotFailure(market.system(), { listingId: listing.id, reason: 'token_refused', detail: 'test' });
    expect(await getRefusal(approve(admin, listing, 320))).toMatchObject({ status: 409, code: 'not_selling' });
    await withdrawListing(seller.ctx(), listing.id);
    expect(await listingNow(market, listing.id)).toMatchObject({ raiseToNano: null, availableNano: 0n });
  });

  it('is decided once, by another admin, at the amount shown', async () => {
    const admins = await Promise.all([anAdmin(market), anAdmin(market), anAdmin(market)]);
    const { listing, seller } = await aListing(market, { onSale: 100 });
    await pauseListing(seller.ctx(), listing.id);
    await raise(seller, listing, 320);
    const [first] = admins;
    expect(await getRefusal(approve(first, listing, 300))).toMatchObject({ status: 409, code: 'raise_changed' });
    expect(await getRefusal(approve(seller, listing, 320))).toMatchObject({ status: 404 });
    const { won, lost } = await raceMany(3, (index) => approve(admins[index] ?? first, listing, 320));
    expect([won.length, lost.length]).toEqual([1, 2]);
    expect(await listingNow(market, listing.id)).toMatchObject({ state: 'paused', listedNano: usdNano(300), availableNano: usdNano(300) });
    const { listing: own } = await aListing(market, { seller: first, onSale: 100 });
    await raise(first, own, 120.01);
    expect(await getRefusal(approve(first, own, 120.01))).toMatchObject({ status: 403, code: 'own_listing' });
  });
});
