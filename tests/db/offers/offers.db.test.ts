import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkouts, offers, transactions } from '~db/schema';
import { findNamedLot, pauseListing, type Listing } from '~/modules/listings/index.server';
import { declineOffer, expireOffers, makeOffer, withdrawOffer, type MakeOfferInput, type OfferedLot } from '~/modules/offers/index.server';
import { HOUR_MS } from '~/platform/dates';
import { newId, type OfferId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { findOffersGot, findOffersMade, findOpenOffer } from '~/queries/buying/offers.server';
import { sellerListingPage } from '~/queries/selling/sell-listing.server';
import { acceptOfferAndOpenCheckout } from '~/workflows/listing/accept-offer.server';
import { endCheckout } from '~/workflows/paying/end-checkout.server';
import { sweepCheckouts } from '~/workflows/paying/sweep-checkouts.server';
import { aListing, anAdmin, aPerson, aSeller, listingNow, mailsTo, pay, startPurchase, type Person } from '~tests/factories/market';
import { mailTo } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { race, raceMany, getRefusal } from '~tests/setup/race';
import type { z } from 'zod';

const market = testMarket();
let admin: Person;
let seller: Person;

beforeAll(async () => {
  admin = await anAdmin(market);
  seller = await aSeller(market);
});

const onSale = async (facts: Parameters<typeof aListing>[1] = {}) => (await aListing(market, { admin, seller, ...facts })).listing;

/** What the lot's page passes to the form. */
const asOffered = (lot: Listing): OfferedLot => ({ ...lot, onSale: lot.state === 'active', minimumNano: lot.minNano });

const bidders = new Set<string>();

async function offer(lot: Listing, buyer: Person, bid: Partial<z.input<typeof MakeOfferInput>> = {}) {
  for (const { email } of [buyer, seller]) bidders.add(email);
  return makeOffer(buyer.ctx(), asOffered(lot), { listingId: lot.id, creditNano: usdNano(50), discountBps: 6_000, hours: 24, ...bid });
}

async function offerNow(id: OfferId) {
  const [row] = await market.system().db.select().from(offers).where(eq(offers.id, id));
  return row;
}

const accept = (id: OfferId, by: Person = seller) => acceptOfferAndOpenCheckout(by.ctx(), { offerId: id });

describe('the buyer’s name that a seller sees', () => {
  it('is the same on offers, sales and mails, and different for each seller', async () => {
    const [mine, theirs] = [await aSeller(market), await aSeller(market)];
    const buyer = await aPerson(market, 'Ines Buyer');
    const [lot, other] = [await onSale({ seller: mine }), await onSale({ seller: theirs })];
    const made = await offer(lot, buyer);
    await offer(other, buyer);
    const { checkoutId } = await startPurchase(market, lot, { buyer, amount: 30 });
    await pay(market, checkoutId);
    const [got] = (await findOffersGot(mine.ctx(), null)).rows;
    const [elsewhere] = (await findOffersGot(theirs.ctx(), null)).rows;
    const name = got?.otherName ?? '';
    expect(elsewhere?.otherName).not.toBe(name);
    const { sales } = await sellerListingPage(mine.ctx(), mine.id, lot.id);
    expect(sales.map((sale) => sale.buyerName)).toEqual([name]);
    const confirming = await findOpenOffer(mine.ctx(), 'seller', made.id);
    const texts = (await mailTo(market.system(), mine.email)).map((mail) => `${mail.subject} ${mail.text} ${mail.html}`);
    expect(texts.filter((text) => text.includes(name))).toHaveLength(2);
    const all = JSON.stringify([got, elsewhere, sales, confirming, texts], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const secret of ['Ines', buyer.email, buyer.id]) expect(all).not.toContain(secret);
  });
});

describe('making an offer', () => {
  it('shows it to the seller, who gets a mail, and reserves nothing', async () => {
    const [lot, buyer] = [await onSale(), await aPerson(market, 'Ines Buyer')];
    const made = await offer(lot, buyer, { message: 'For a batch of renders.' });
    expect(made).toMatchObject({ state: 'open', creditNano: usdNano(50), discountBps: 6_000, sellerId: seller.id, buyerId: buyer.id });
    expect(await mailsTo(market, seller.email)).toContain('offer.made');
    expect((await findOffersMade(buyer.ctx(), null)).rows).toMatchObject([{ id: made.id, otherName: lot.sellerName }]);
    expect((await findOffersGot(seller.ctx(), null)).rows[0]).toMatchObject({
      id: made.id,
      otherName: expect.stringMatching(/^Buyer [0-9A-Z]{6}$/) as string,
      message: 'For a batch of renders.',
    });
    expect(await listingNow(market, lot.id)).toMatchObject({ reservedNano: 0n });
    await expectInvariants(market);
  });

  it.each([
    ['of more than is left', { creditNano: usdNano(1_000.01) }, 'offerAmount'],
    ['below the lot’s minimum', { creditNano: usdNano(9.99) }, 'offerAmount'],
    ['whose price is below the market’s smallest purchase', { creditNano: usdNano(16.66), discountBps: 7_000 }, 'offerAmount'],
    ['at the lot’s own discount', { discountBps: 5_000 }, 'offerDiscount'],
    ['at a shallower discount', { discountBps: 4_500 }, 'offerDiscount'],
    ['above the market’s largest discount', { discountBps: 7_001 }, 'offerDiscount'],
    ['for longer than the market allows', { hours: 49 }, 'offerHours'],
  ] as const)('is refused beside the field for one %s', async (_words, bid, field) => {
    const [lot, buyer] = [await onSale(), await aPerson(market)];
    expect(await getRefusal(offer(lot, buyer, bid))).toMatchObject({ status: 422, detail: { field } });
    expect((await findOffersMade(buyer.ctx(), null)).rows).toEqual([]);
  });

  it('is refused on the buyer’s own listing, on a paused lot, and without a verified address', async () => {
    const lot = await onSale();
    expect(await getRefusal(offer(lot, seller))).toMatchObject({ status: 422, code: 'own_listing' });
    const buyer = await aPerson(market);
    const unverified = { ...buyer, ctx: () => market.services.ctxFor({ ...buyer.actor, verified: false }) };
    expect(await getRefusal(offer(lot, unverified))).toMatchObject({ status: 403 });
    expect(await getRefusal(offer(await pauseListing(seller.ctx(), lot.id), buyer))).toMatchObject({ status: 409, code: 'not_on_sale' });
  });

  it('allows one open offer for each lot and buyer, even from two tabs at once', async () => {
    const [lot, buyer] = [await onSale(), await aPerson(market)];
    const { won, lost } = await raceMany(6, () => offer(lot, buyer));
    expect(won).toHaveLength(1);
    expect(new Set(lost.map((refusal) => refusal.code))).toEqual(new Set(['offer_open']));
    await offer(lot, await aPerson(market));
    await withdrawOffer(buyer.ctx(), won[0]?.id ?? newId('offer', new Date()));
    await offer(lot, buyer);
    await expectInvariants(market);
  });
});

describe('accepting an offer', () => {
  it('reserves the amount, opens a checkout at the offer’s price for 24 hours, and mails the buyer', async () => {
    const [lot, buyer] = [await onSale(), await aPerson(market)];
    const made = await offer(lot, buyer);
    const { checkoutId } = await accept(made.id);
    const [checkout] = await market.system().db.select().from(checkouts).where(eq(checkouts.id, checkoutId));
    expect(checkout).toMatchObject({ buyerId: buyer.id, offerId: made.id, state: 'open', totalCents: 2_000n });
    expect((checkout?.expiresAt.getTime() ?? 0) - market.services.clock.now().getTime()).toBeGreaterThan(23.8 * HOUR_MS);
    expect(await offerNow(made.id)).toMatchObject({ state: 'accepted', checkoutId });
    expect(await listingNow(market, lot.id)).toMatchObject({ reservedNano: usdNano(50), availableNano: usdNano(950) });
    expect(await mailsTo(market, buyer.email)).toContain('offer.accepted');
    await expectInvariants(market);
  });

  it('keeps the agreed price when the lot’s price or minimum changes', async () => {
    const [lot, buyer] = [await onSale({ onSale: 100, minimum: 30 }), await aPerson(market)];
    await startPurchase(market, lot, { amount: 80 });
    const made = await offer(await listingNow(market, lot.id), buyer, { creditNano: usdNano(20) });
    const other = await startPurchase(market, lot, { amount: 20, buyer: await aPerson(market) });
    expect(await getRefusal(accept(made.id))).toMatchObject({ code: 'sold_out' });
    await endCheckout(market.system(), other.checkoutId, 'canceled');
    await accept(made.id);
    const [bought] = await market.system().db.select().from(transactions).where(eq(transactions.buyerId, buyer.id));
    expect(bought).toMatchObject({ discountBps: 6_000, creditNano: usdNano(20), priceCents: 800n });
    await expectInvariants(market);
  });

  it('is possible for its seller only: for anyone else the offer does not exist', async () => {
    const [lot, buyer] = [await onSale(), await aPerson(market)];
    const made = await offer(lot, buyer);
    for (const stranger of [buyer, await aPerson(market), admin]) {
      expect(await getRefusal(accept(made.id, stranger))).toMatchObject({ status: 404 });
      expect(await getRefusal(declineOffer(stranger.ctx(), made.id, findNamedLot))).toMatchObject({ status: 404 });
    }
    expect(await getRefusal(withdrawOffer(seller.ctx(), made.id))).toMatchObject({ status: 404 });
  });

  it('twice at once opens one checkout', async () => {
    const [lot, buyer] = [await onSale(), await aPerson(market)];
    const made = await offer(lot, buyer, { creditNano: usdNano(200) });
    const { won, lost } = await raceMany(6, () => accept(made.id));
    expect(new Set(won.map(({ checkoutId }) => checkoutId)).size).toBe(1);
    expect(lost.every((refusal) => refusal.code === 'wrong_state')).toBe(true);
    expect((await mailsTo(market, buyer.email)).filter((kind) => kind === 'offer.accepted')).toHaveLength(1);
    expect(await listingNow(market, lot.id)).toMatchObject({ reservedNano: usdNano(200) });
    await expectInvariants(market);
  });

  it('twice at once for the whole lot opens one checkout, too', async () => {
    const [lot, buyer] = [await onSale({ onSale: 100 }), await aPerson(market)];
    const made = await offer(lot, buyer, { creditNano: usdNano(100) });
    const { won, lost } = await raceMany(4, () => accept(made.id));
    expect(new Set(won.map(({ checkoutId }) => checkoutId)).size).toBe(1);
    expect(lost.every((refusal) => refusal.code === 'wrong_state')).toBe(true);
    await expectInvariants(market);
  });

  it('while the buyer withdraws it: one succeeds, and a lost acceptance reserves nothing', async () => {
    for (let round = 0; round < 5; round++) {
      const [lot, buyer] = [await onSale(), await aPerson(market)];
      const made = await offer(lot, buyer);
      const { won, lost } = await race<unknown>([accept(made.id), withdrawOffer(buyer.ctx(), made.id)]);
      expect([won.length, lost.length]).toEqual([1, 1]);
      const { state } = (await offerNow(made.id)) ?? {};
      expect(await listingNow(market, lot.id)).toMatchObject({ reservedNano: state === 'accepted' ? usdNano(50) : 0n });
    }
    await expectInvariants(market);
  });

  it('for more than is left is a 409 in the seller’s terms, and the offer stays open', async () => {
    const [lot, buyer] = [await onSale({ onSale: 100 }), await aPerson(market)];
    const made = await offer(lot, buyer, { creditNano: usdNano(60) });
    await startPurchase(market, lot, { amount: 50 });
    const refusal = await getRefusal(accept(made.id));
    expect(refusal).toMatchObject({ status: 409, code: 'sold_out' });
    expect(refusal.message).toContain('stays open');
    expect(await offerNow(made.id)).toMatchObject({ state: 'open', checkoutId: null });
    expect(await listingNow(market, lot.id)).toMatchObject({ reservedNano: usdNano(50) });
    await expectInvariants(market);
  });

  it('while the lot sells out never oversells; the offer is accepted or still open', async () => {
    const [lot, buyer, others] = [
      await onSale({ onSale: 100 }),
      await aPerson(market),
      await Promise.all(Array.from({ length: 8 }, () => aPerson(market))),
    ];
    const made = await offer(lot, buyer, { creditNano: usdNano(60) });
    const { won, lost } = await race<unknown>([
      ...others.map((other) => startPurchase(market, lot, { buyer: other, amount: 20 })),
      accept(made.id),
    ]);
    const now = await offerNow(made.id);
    expect(won).toHaveLength(now?.state === 'accepted' ? 3 : 5);
    expect(new Set(lost.map((refusal) => refusal.code))).toEqual(new Set(['sold_out']));
    await expectInvariants(market);
  });

  it('several at once on the rest of a lot accepts as many as fit', async () => {
    const lot = await onSale({ onSale: 100 });
    const made = await Promise.all(Array.from({ length: 5 }, async () => offer(lot, await aPerson(market), { creditNano: usdNano(40) })));
    const { won, lost } = await race(made.map(({ id }) => accept(id)));
    expect([won.length, lost.length]).toEqual([2, 3]);
    await expectInvariants(market);
  });

  it('above a new buyer’s daily limit is refused in the seller’s terms', async () => {
    const [lot, buyer] = [await onSale(), await aPerson(market)];
    const made = await offer(lot, buyer, { creditNano: usdNano(900) });
    const refusal = await getRefusal(accept(made.id));
    expect(refusal).toMatchObject({ status: 409, code: 'new_buyer_limit' });
    expect(refusal.detail.field).toBeUndefined();
    expect(await offerNow(made.id)).toMatchObject({ state: 'open' });
    expect(await listingNow(market, lot.id)).toMatchObject({ reservedNano: 0n });
    await expectInvariants(market);
  });
});

describe('the end of an offer', () => {
  it('declined: the buyer is notified, and it can no longer be accepted', async () => {
    const [lot, buyer] = [await onSale(), await aPerson(market)];
    const made = await offer(lot, buyer);
    await declineOffer(seller.ctx(), made.id, findNamedLot);
    expect(await mailsTo(market, buyer.email)).toContain('offer.declined');
    expect(await getRefusal(accept(made.id))).toMatchObject({ status: 409, code: 'wrong_state' });
    expect(await getRefusal(declineOffer(seller.ctx(), made.id, findNamedLot))).toMatchObject({ status: 409 });
    expect(await getRefusal(withdrawOffer(buyer.ctx(), made.id))).toMatchObject({ status: 409 });
    await expectInvariants(market);
  });

  it('paid: its state is bought', async () => {
    const [lot, buyer] = [await onSale(), await aPerson(market)];
    const made = await offer(lot, buyer);
    const { checkoutId } = await accept(made.id);
    expect(await pay(market, checkoutId)).toBe('paid');
    expect(await offerNow(made.id)).toMatchObject({ state: 'purchased' });
    expect(await listingNow(market, lot.id)).toMatchObject({ reservedNano: 0n, soldNano: usdNano(50) });
    await expectInvariants(market);
  });

  it('checkout canceled by the buyer: the offer lapses, both are notified and the credit is back', async () => {
    const [lot, buyer] = [await onSale(), await aPerson(market)];
    const made = await offer(lot, buyer);
    const { checkoutId } = await accept(made.id);
    await endCheckout(market.system(), checkoutId, 'canceled');
    expect(await offerNow(made.id)).toMatchObject({ state: 'lapsed' });
    expect(await mailsTo(market, buyer.email)).toContain('offer.lapsed.buyer');
    expect(await listingNow(market, lot.id)).toMatchObject({ reservedNano: 0n, availableNano: lot.listedNano });
    await expectInvariants(market);
  });

  // Moves the clock, so it is last.
  it('unanswered or unpaid in time: a sweep ends it', async () => {
    const [lot, buyer, payer] = [await onSale(), await aPerson(market), await aPerson(market)];
    const [unanswered, unpaid] = [await offer(lot, buyer, { hours: 24 }), await offer(lot, payer)];
    const { checkoutId } = await accept(unpaid.id);
    market.advance(24 * HOUR_MS + 120_000);
    expect(await getRefusal(accept(unanswered.id))).toMatchObject({ status: 409, code: 'offer_expired' });
    await Promise.all([
      expireOffers(market.system(), findNamedLot),
      expireOffers(market.system(), findNamedLot),
      sweepCheckouts(market.system()),
    ]);
    expect(await offerNow(unanswered.id)).toMatchObject({ state: 'expired' });
    expect(await mailsTo(market, buyer.email)).toEqual(expect.arrayContaining(['offer.expired']));
    expect(await offerNow(unpaid.id)).toMatchObject({ state: 'lapsed', checkoutId });
    expect(await mailsTo(market, payer.email)).toContain('offer.lapsed.buyer');
    expect(await mailsTo(market, seller.email)).toContain('offer.lapsed.seller');
    expect(await listingNow(market, lot.id)).toMatchObject({ reservedNano: 0n, availableNano: lot.listedNano });
    await expectInvariants(market);
  });
});

it('every mail about an offer names its lot', async () => {
  const mails = (await Promise.all([...bidders].map((email) => mailTo(market.system(), email)))).flat();
  const offerMails = mails.filter(({ kind }) => kind.startsWith('offer.'));
  expect(new Set(offerMails.map(({ kind }) => kind)).size).toBe(6);
  for (const { kind, text } of offerMails) expect(text, kind).toMatch(/\$[\d,.]+ at 50\.0% off, expires \d/);
});
