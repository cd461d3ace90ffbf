import { beforeAll, describe, expect, it } from 'vitest';
import {
  changePrice,
  pauseListing,
  reserveQuantity,
  suspendListing,
  type Listing,
  type ReserveQuantity,
} from '~/modules/listings/index.server';
import { DAY_MS, HOUR_MS } from '~/platform/dates';
import { newId, type UserId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { openCheckout } from '~/workflows/paying/open-checkout.server';
import { withdrawListing } from '~/workflows/listing/retire-listings.server';
import { submitListing } from '~/workflows/listing/submit-listing.server';
import { aListing, anAdmin, aSeller, aSubmittedListing, listingNow, type Person } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raceMany, getRefusal } from '~tests/setup/race';

const market = testMarket();
let admin: Person;
let seller: Person;

beforeAll(async () => {
  admin = await anAdmin(market);
  seller = await aSeller(market);
});

const someone = (): UserId => newId('user', new Date());

function request(listing: Listing, dollars: number, facts: Partial<ReserveQuantity> = {}): ReserveQuantity {
  return {
    listingId: listing.id,
    checkoutId: newId('checkout', new Date()),
    buyerId: someone(),
    creditNano: usdNano(dollars),
    shownDiscountBps: listing.discountBps,
    minPurchaseCents: 500n,
    minDaysLeft: 3,
    ...facts,
  };
}

const reserve = (listing: Listing, dollars: number, facts: Partial<ReserveQuantity> = {}) =>
  reserveQuantity(market.system(), request(listing, dollars, facts));
const onSale = async (facts: Parameters<typeof aListing>[1] = {}) => (await aListing(market, { admin, seller, ...facts })).listing;

describe('a lot of 100 parts', () => {
  it('is sold to exactly 100 of 1,000 buyers who buy at once, through two processes', async () => {
    const listing = await onSale({ onSale: 1_000 });
    const other = await market.anotherProcess();
    const { won, lost } = await raceMany(1_000, (index) =>
      openCheckout(index % 2 ? market.system() : other.ctxFor({ kind: 'system', name: 'test' }), {
        buyerId: someone(),
        listingId: listing.id,
        creditNano: usdNano(10),
        formToken: `form-${index}`,
        shownDiscountBps: 5_000,
      }),
    );
    expect(new Set(won.map((checkout) => checkout.id)).size).toBe(100);
    expect(lost).toHaveLength(900);
    expect(new Set(lost.map((refusal) => `${refusal.status} ${refusal.code}`))).toEqual(new Set(['409 sold_out']));
    expect(await listingNow(market, listing.id)).toMatchObject({ availableNano: 0n, reservedNano: usdNano(1_000), soldNano: 0n });
    await expectInvariants(market);
  });

  it('is never oversold when the amounts differ', async () => {
    const listing = await onSale({ onSale: 500 });
    const { won, lost } = await raceMany(120, (index) => reserve(listing, 10 + (index % 7) * 3));
    const reserved = won.reduce((sum, row) => sum + row.creditNano, 0n);
    expect(won.length + lost.length).toBe(120);
    expect(await listingNow(market, listing.id)).toMatchObject({ availableNano: usdNano(500) - reserved, reservedNano: reserved });
    await expectInvariants(market);
  });
});

describe('a request that is refused', () => {
  it('does not fail others in its batch', async () => {
    const listing = await onSale({ onSale: 100 });
    const [fits, tooLarge, own, tiny, huge, alsoFits] = await Promise.allSettled([
      reserve(listing, 40),
      reserve(listing, 61),
      reserve(listing, 20, { buyerId: seller.id }),
      reserve(listing, 1),
      reserve(listing, 1, { creditNano: 10n ** 30n }),
      reserve(listing, 60),
    ]);
    expect([fits.status, alsoFits.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(tooLarge).toMatchObject({ reason: { code: 'sold_out', status: 422 } });
    expect(own).toMatchObject({ reason: { code: 'own_listing', status: 422 } });
    expect(tiny).toMatchObject({ reason: { code: 'below_minimum', status: 422 } });
    expect(huge).toMatchObject({ reason: { code: 'sold_out', status: 422 } });
    expect(await listingNow(market, listing.id)).toMatchObject({ availableNano: 0n, reservedNano: usdNano(100) });
    await expectInvariants(market);
  });

  it('says how much is left', async () => {
    const listing = await onSale({ onSale: 100 });
    await reserve(listing, 40);
    const refusal = await getRefusal(reserve(listing, 80));
    expect(refusal).toMatchObject({ code: 'sold_out', detail: { field: 'amount' } });
    expect(refusal.message).toContain('$60.00');
    await expectInvariants(market);
  });

  it('includes one by a buyer who sells from the same Replicate account', async () => {
    const { seller: former, listing: ended } = await aSubmittedListing(market, { username: 'shared' });
    await withdrawListing(former.ctx(), ended.id);
    const { token } = market.replicate.control.issueToken('shared');
    const submitted = await submitListing(seller.ctx(), {
      token,
      terms: { faceNano: usdNano(120), discountBps: 5_000, minNano: usdNano(10), creditExpiresAt: ended.creditExpiresAt },
    });
    const listing = await decideListing(admin.ctx(), submitted.id, { intent: 'approve' });
    expect(await getRefusal(reserve(listing, 20, { buyerId: former.id }))).toMatchObject({ code: 'own_listing', status: 422 });
    await expectInvariants(market);
  });

  it('is a 404 for a listing that does not exist', async () => {
    const listing = await onSale();
    expect(await getRefusal(reserve(listing, 20, { listingId: newId('listing', new Date()) }))).toMatchObject({ status: 404 });
  });
});

describe('the minimum', () => {
  it('is the seller’s own, or the credit that the market’s smallest purchase buys', async () => {
    const own = await onSale({ onSale: 100, minimum: 25 });
    expect(await getRefusal(reserve(own, 24.99))).toMatchObject({ code: 'below_minimum', detail: { field: 'amount' } });
    await reserve(own, 25);
    const deep = await onSale({ onSale: 100, minimum: 1, discountBps: 7_000 });
    expect(await getRefusal(reserve(deep, 16.66))).toMatchObject({ code: 'below_minimum' });
    await reserve(deep, 16.67);
    await expectInvariants(market);
  });

  it('does not apply to a smaller rest, which is sold whole', async () => {
    const listing = await onSale({ onSale: 100, minimum: 25 });
    await reserve(listing, 90);
    const refusal = await getRefusal(reserve(listing, 9));
    expect(refusal).toMatchObject({ code: 'below_minimum' });
    expect(refusal.message).toContain('$10.00');
    await reserve(listing, 10);
    expect(await listingNow(market, listing.id)).toMatchObject({ availableNano: 0n, reservedNano: usdNano(100) });
    await expectInvariants(market);
  });
});

describe('the price', () => {
  it('is a 409 with the new price if it rose after it was shown', async () => {
    const listing = await onSale({ discountBps: 5_000 });
    await changePrice(seller.ctx(), { listingId: listing.id, discountBps: 4_000 });
    const refusal = await getRefusal(reserve(listing, 20));
    expect(refusal).toMatchObject({ code: 'price_changed', status: 409, detail: { facts: { discountBps: '4000' } } });
    expect(refusal.message).toContain('60.0¢');
    await expectInvariants(market);
  });

  it('is the lower one if it fell, and the agreed one for an accepted offer', async () => {
    const listing = await onSale({ discountBps: 5_000 });
    await changePrice(seller.ctx(), { listingId: listing.id, discountBps: 6_000 });
    expect(await reserve(listing, 20)).toMatchObject({ discountBps: 6_000, priceVersion: 2 });
    await changePrice(seller.ctx(), { listingId: listing.id, discountBps: 3_000 });
    await reserve(listing, 20, { shownDiscountBps: null });
    await expectInvariants(market);
  });
});

describe('a lot that is not on sale', () => {
  it('is refused while suspended, paused, in review, or withdrawn', async () => {
    const paused = await onSale();
    await pauseListing(seller.ctx(), paused.id);
    const suspended = await onSale();
    await suspendListing(admin.ctx(), { listingId: suspended.id, note: 'Under investigation.' });
    const { listing: waiting } = await aSubmittedListing(market, { seller });
    for (const listing of [paused, suspended, waiting]) {
      expect(await getRefusal(reserve(listing, 20))).toMatchObject({ code: 'not_on_sale', status: 409 });
    }
    await expectInvariants(market);
  });

  it('is refused from three days before its credit expires', async () => {
    const listing = await onSale({ daysLeft: 10 });
    const now = (msLeft: number) => ({ ...market.system(), now: new Date(listing.creditExpiresAt.getTime() - msLeft) });
    await reserveQuantity(now(3 * DAY_MS + HOUR_MS), request(listing, 20));
    expect(await getRefusal(reserveQuantity(now(3 * DAY_MS), request(listing, 20)))).toMatchObject({ code: 'not_on_sale', status: 409 });
    expect(await getRefusal(reserveQuantity(now(3 * DAY_MS - HOUR_MS), request(listing, 20)))).toMatchObject({ code: 'not_on_sale' });
  });
});

it('a reservation asked for twice for the same checkout is made once', async () => {
  const listing = await onSale({ onSale: 100 });
  const once = request(listing, 30);
  const results = await Promise.all([
    reserveQuantity(market.system(), once),
    reserveQuantity(market.system(), once),
    reserveQuantity(market.system(), once),
  ]);
  expect(results.map((row) => row.creditNano)).toEqual([usdNano(30), usdNano(30), usdNano(30)]);
  expect(await listingNow(market, listing.id)).toMatchObject({ availableNano: usdNano(70), reservedNano: usdNano(30) });
  await expectInvariants(market);
});
