import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkouts, listings, stripeCalls, termsAcceptances } from '~db/schema';
import { balanceCents } from '~/modules/ledger/index.server';
import { reserveQuantity, type Listing } from '~/modules/listings/index.server';
import { findOwnCheckout } from '~/modules/payments/index.server';
import { MINUTE_MS } from '~/platform/dates';
import { newId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { confirmPayment } from '~/workflows/paying/confirm-payment.server';
import { endCheckout } from '~/workflows/paying/end-checkout.server';
import { resumeCheckout, startCheckout } from '~/workflows/paying/start-checkout.server';
import { freeOrphanedReservations, sweepCheckouts } from '~/workflows/paying/sweep-checkouts.server';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aCheckout, aPaidCheckoutWithoutAnswer, buying, checkoutRow, findPurchase, findSession } from '~tests/factories/transactions';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raceMany, getRefusal } from '~tests/setup/race';

const market = testMarket();
let admin: Person;
let listing: Listing;

beforeAll(async () => {
  admin = await anAdmin(market);
  ({ listing } = await aListing(market, { admin, onSale: 5_000 }));
});

async function quantity(id = listing.id) {
  const [row] = await market.system().db.select().from(listings).where(eq(listings.id, id));
  if (!row) throw new Error('no listing');
  return { available: row.availableNano, reserved: row.reservedNano, sold: row.soldNano };
}

describe('starting a checkout', () => {
  it('reserves the credit, fixes the amounts and opens a hosted page for exactly the price', async () => {
    const buyer = await aPerson(market);
    const before = await quantity();
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 100);
    const { transaction } = await findPurchase(market, checkoutId);
    expect(transaction).toMatchObject({
      state: 'awaiting_payment',
      priceCents: 5_000n,
      feeCents: 500n,
      sellerTotalCents: 4_500n,
      creditNano: usdNano(100),
    });
    const session = await market.services.ports.stripe.retrieveCheckoutSession(sessionId);
    expect(session).toMatchObject({ checkoutId, totalCents: 5_000n, currency: 'usd', mode: 'payment', status: 'open', paid: false });
    expect(await quantity()).toEqual({ ...before, available: before.available - usdNano(100), reserved: before.reserved + usdNano(100) });
    expect(await buyer.ctx().db.select().from(termsAcceptances).where(eq(termsAcceptances.userId, buyer.id))).toContainEqual(
      expect.objectContaining({ occasion: 'checkout' }),
    );
    const [call] = await buyer.ctx().db.select().from(stripeCalls).where(eq(stripeCalls.idempotencyKey, checkoutId));
    expect(call).toMatchObject({ outcome: 'done', stripeId: sessionId, attempts: 1 });
    await expectInvariants(market);
  });

  it('makes one checkout and one hosted page for a double click', async () => {
    const buyer = await aPerson(market);
    const form = buying(listing, 150);
    const { won, lost } = await raceMany(4, () => startCheckout(buyer.ctx(), form));
    expect(lost).toEqual([]);
    expect(new Set(won.map((result) => result.url)).size).toBe(1);
    const again = await startCheckout(buyer.ctx(), form);
    expect(again).toEqual(won[0]);
    expect(await buyer.ctx().db.select().from(checkouts).where(eq(checkouts.buyerId, buyer.id))).toHaveLength(1);
    await expectInvariants(market);
  });

  it('gives both clicks of a double click on the last of a lot the same checkout', async () => {
    const { listing: small } = await aListing(market, { admin, onSale: 60 });
    const buyer = await aPerson(market);
    const form = buying(small, 60);
    const { won, lost } = await raceMany(2, () => startCheckout(buyer.ctx(), form));
    expect(lost).toEqual([]);
    expect(new Set(won.map((result) => result.checkoutId)).size).toBe(1);
    await expectInvariants(market);
  });

  it('makes a second checkout in a second tab, and a new one for a form whose checkout was canceled', async () => {
    const buyer = await aPerson(market);
    const form = buying(listing, 20);
    const first = await startCheckout(buyer.ctx(), form);
    const second = await startCheckout(buyer.ctx(), buying(listing, 20));
    expect(second.checkoutId).not.toBe(first.checkoutId);
    await endCheckout(buyer.ctx(), first.checkoutId, 'canceled');
    const third = await startCheckout(buyer.ctx(), form);
    expect(third.checkoutId).not.toBe(first.checkoutId);
    expect((await checkoutRow(market, third.checkoutId)).state).toBe('open');
    await expectInvariants(market);
  });

  it('limits a new buyer to $200 in 24 hours over all tabs', async () => {
    const buyer = await aPerson(market);
    const before = await quantity();
    const { won, lost } = await raceMany(3, () => startCheckout(buyer.ctx(), buying(listing, 300)));
    expect(won).toHaveLength(1);
    expect(lost.map((refusal) => refusal.code)).toEqual(['new_buyer_limit', 'new_buyer_limit']);
    expect((await quantity()).reserved - before.reserved).toBe(usdNano(300));
    await expectInvariants(market);
  });

  it('is refused for the buyer’s own listing, a price that rose, too little, too much, and without a verified address', async () => {
    const seller = await aPerson(market);
    const { listing: own } = await aListing(market, { admin, seller, onSale: 100 });
    const buyer = await aPerson(market);
    expect(await getRefusal(startCheckout(seller.ctx(), buying(own, 20)))).toMatchObject({ code: 'own_listing', status: 422 });
    expect(await getRefusal(startCheckout(buyer.ctx(), { ...buying(own, 20), shownDiscountBps: 6_000 }))).toMatchObject({
      code: 'price_changed',
      status: 409,
    });
    expect(await getRefusal(startCheckout(buyer.ctx(), buying(own, 5)))).toMatchObject({ code: 'below_minimum', status: 422 });
    expect(await getRefusal(startCheckout(buyer.ctx(), buying(own, 150)))).toMatchObject({ code: 'sold_out', status: 422 });
    const unverified = { ...buyer.ctx(), actor: { ...buyer.actor, verified: false } };
    expect(await getRefusal(startCheckout(unverified, buying(own, 20)))).toMatchObject({ status: 403 });
    expect(await quantity(own.id)).toMatchObject({ reserved: 0n });
    await expectInvariants(market);
  });

  it('charges the lower price if it fell after it was shown', async () => {
    const buyer = await aPerson(market);
    const { checkoutId } = await startCheckout(buyer.ctx(), { ...buying(listing, 20), shownDiscountBps: 4_000 });
    expect((await findPurchase(market, checkoutId)).transaction.priceCents).toBe(1_000n);
  });

  it('is invisible to a stranger', async () => {
    const buyer = await aPerson(market);
    const stranger = await aPerson(market);
    const { checkoutId } = await aCheckout(market, buyer, listing, 20);
    expect(await getRefusal(findOwnCheckout(stranger.ctx(), checkoutId, stranger.id))).toMatchObject({ status: 404 });
  });
});

describe('when Stripe does not answer', () => {
  it('keeps the checkout, repeats the same request and finds the page that was opened', async () => {
    const buyer = await aPerson(market);
    market.stripe.control.addFault({ kind: 'drop_after', method: 'POST', path: '/v1/checkout/sessions', times: 6 });
    const { checkoutId, url } = await startCheckout(buyer.ctx(), buying(listing, 20));
    expect(url).toBe(`/checkout/${checkoutId}`);
    expect((await checkoutRow(market, checkoutId)).state).toBe('starting');
    market.stripe.control.clearFaults();
    market.advance(2 * MINUTE_MS);
    await sweepCheckouts(market.system());
    expect((await checkoutRow(market, checkoutId)).state).toBe('open');
    const { url: page } = await resumeCheckout(buyer.ctx(), await checkoutRow(market, checkoutId));
    expect(page).toContain(await findSession(market, checkoutId));
    await expectInvariants(market);
  });

  it('returns the credit after eight minutes if Stripe has no page for it', async () => {
    const buyer = await aPerson(market);
    const before = await quantity();
    market.stripe.control.addFault({ kind: '500', method: 'POST', path: '/v1/checkout/sessions' });
    const { checkoutId } = await startCheckout(buyer.ctx(), buying(listing, 20));
    market.advance(2 * MINUTE_MS);
    await sweepCheckouts(market.system());
    expect((await checkoutRow(market, checkoutId)).state).toBe('starting');
    market.advance(7 * MINUTE_MS);
    await sweepCheckouts(market.system());
    expect((await checkoutRow(market, checkoutId)).state).toBe('canceled');
    expect((await findPurchase(market, checkoutId)).transaction.state).toBe('canceled');
    expect((await quantity()).reserved).toBe(before.reserved);
    await expectInvariants(market);
  });

  it('finds a page whose answer was lost after eight minutes, and confirms the payment made on it', async () => {
    const { checkoutId } = await aPaidCheckoutWithoutAnswer(market, await aPerson(market), listing, 20);
    market.advance(9 * MINUTE_MS);
    expect(await confirmPayment(market.system(), checkoutId)).toBe('paid');
    expect((await findPurchase(market, checkoutId)).transaction.state).toBe('delivered');
    await expectInvariants(market);
  });

  it('releases a reservation that never got a checkout', async () => {
    const { listing: lot } = await aListing(market, { admin, onSale: 100 });
    const buyer = await aPerson(market);
    const checkoutId = newId('checkout', market.services.clock.now());
    await reserveQuantity(buyer.ctx(), {
      listingId: lot.id,
      checkoutId,
      buyerId: buyer.id,
      creditNano: usdNano(20),
      shownDiscountBps: null,
      minPurchaseCents: 500n,
      minDaysLeft: 3,
    });
    await freeOrphanedReservations(market.system());
    expect(await quantity(lot.id)).toMatchObject({ reserved: usdNano(20) });
    market.advance(3 * MINUTE_MS);
    await freeOrphanedReservations(market.system());
    expect(await quantity(lot.id)).toMatchObject({ reserved: 0n, available: usdNano(100) });
    await expectInvariants(market);
  });
});

describe('a checkout that is not paid', () => {
  it('is canceled by its buyer: the page closes at Stripe and the credit is back', async () => {
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 20);
    expect(await endCheckout(buyer.ctx(), checkoutId, 'canceled')).toBe('ended');
    expect(await endCheckout(buyer.ctx(), checkoutId, 'canceled')).toBe('ended');
    expect((await market.services.ports.stripe.retrieveCheckoutSession(sessionId))?.status).toBe('expired');
    expect((await findPurchase(market, checkoutId)).transaction.state).toBe('canceled');
    await expectInvariants(market);
  });

  it('becomes a payment if the buyer paid at Stripe before canceling', async () => {
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 20);
    market.stripe.control.paySession(sessionId);
    expect(await endCheckout(buyer.ctx(), checkoutId, 'canceled')).toBe('paid');
    expect((await findPurchase(market, checkoutId)).transaction.state).toBe('delivered');
    await expectInvariants(market);
  });

  it('expires when Stripe confirms that its time is over', async () => {
    const buyer = await aPerson(market);
    const { checkoutId } = await aCheckout(market, buyer, listing, 20);
    market.advance(42 * MINUTE_MS);
    await sweepCheckouts(market.system());
    expect((await checkoutRow(market, checkoutId)).state).toBe('expired');
    expect((await findPurchase(market, checkoutId)).transaction.state).toBe('expired');
    expect(await balanceCents(market.system(), { kind: 'held', ownerId: (await findPurchase(market, checkoutId)).transaction.id })).toBe(
      0n,
    );
    await expectInvariants(market);
  });

  it('stays reserved while Stripe cannot be reached', async () => {
    const buyer = await aPerson(market);
    const { checkoutId } = await aCheckout(market, buyer, listing, 20);
    market.advance(42 * MINUTE_MS);
    market.stripe.control.addFault({ kind: 'drop_before', times: 12 });
    await sweepCheckouts(market.system());
    expect((await checkoutRow(market, checkoutId)).state).toBe('open');
    market.stripe.control.clearFaults();
    await sweepCheckouts(market.system());
    expect((await checkoutRow(market, checkoutId)).state).toBe('expired');
    await expectInvariants(market);
  });
});

it('a malformed form token is refused', async () => {
  const buyer = await aPerson(market);
  await expect(startCheckout(buyer.ctx(), { ...buying(listing, 20), formToken: '' })).rejects.toThrow();
});
