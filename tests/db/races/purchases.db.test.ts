import { and, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditLog, checkouts, grants, payments, refunds, stripeCalls, transactions } from '~db/schema';
import { changePrice, type Listing } from '~/modules/listings/index.server';
import { makeRefund } from '~/workflows/paying/take-in-refund.server';
import { newId, type CheckoutId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { confirmPayment } from '~/workflows/paying/confirm-payment.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { endCheckout } from '~/workflows/paying/end-checkout.server';
import { withdrawListing } from '~/workflows/listing/retire-listings.server';
import { startCheckout } from '~/workflows/paying/start-checkout.server';
import {
  aListing,
  anAdmin,
  aPerson,
  aSeller,
  aSubmittedListing,
  listingNow,
  mailsTo,
  pay,
  payAtStripe,
  people,
  startPurchase,
  type Person,
} from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { race, raceMany, getRefusal } from '~tests/setup/race';

const market = testMarket();
let admin: Person;
let seller: Person;
let crowd: Person[];

beforeAll(async () => {
  [admin, seller, crowd] = [await anAdmin(market), await aSeller(market), await people(market, 20)];
});

const onSale = async (facts: Parameters<typeof aListing>[1] = {}) => (await aListing(market, { admin, seller, ...facts })).listing;
const db = () => market.system().db;
const listCheckouts = (buyer: Person) => db().select().from(checkouts).where(eq(checkouts.buyerId, buyer.id));
const suspend = (listing: Listing, by: Person = admin) =>
  decideListing(by.ctx(), listing.id, { intent: 'suspend', note: 'Under investigation.' });

async function findOutcome(checkoutId: CheckoutId) {
  const [bought] = await db().select().from(transactions).where(eq(transactions.checkoutId, checkoutId));
  const [payment] = await db().select().from(payments).where(eq(payments.checkoutId, checkoutId));
  const refunded = payment ? await db().select().from(refunds).where(eq(refunds.paymentId, payment.id)) : [];
  const [grant] = bought ? await db().select().from(grants).where(eq(grants.transactionId, bought.id)) : [];
  return { transaction: bought, payment, refunds: refunded, grant };
}

describe('Buy', () => {
  it('clicked many times at once in one form makes one checkout, one reservation and one Stripe page', async () => {
    const [listing, buyer, other] = [await onSale(), await aPerson(market), await market.anotherProcess()];
    const { won, lost } = await raceMany(8, (index) =>
      startPurchase(market, listing, { buyer, formToken: 'one form of this buyer', ...(index % 2 && { services: other }) }),
    );
    expect(lost).toEqual([]);
    expect(new Set(won.map(({ checkoutId, url }) => `${checkoutId} ${url}`)).size).toBe(1);
    expect(await listCheckouts(buyer)).toHaveLength(1);
    const sessions = await db()
      .select()
      .from(stripeCalls)
      .where(eq(stripeCalls.idempotencyKey, won[0]?.checkoutId ?? ''));
    expect(new Set(sessions.map((call) => call.stripeId)).size).toBe(1);
    expect(await listingNow(market, listing.id)).toMatchObject({ reservedNano: usdNano(20) });
    await expectInvariants(market);
  });

  it('clicked twice at once for all that is left leads both clicks to the same page', async () => {
    const [listing, buyer] = [await onSale({ onSale: 100 }), await aPerson(market)];
    const { won, lost } = await raceMany(2, () =>
      startPurchase(market, listing, { buyer, amount: 100, formToken: 'one form of this buyer' }),
    );
    expect(lost).toEqual([]);
    expect(new Set(won.map(({ url }) => url)).size).toBe(1);
    await expectInvariants(market);
  });

  it('with the same token by two buyers makes two checkouts', async () => {
    const [listing, [one, two]] = [await onSale(), await people(market, 2)];
    const { won } = await race(
      [one, two].map((buyer) => startPurchase(market, listing, { ...(buyer && { buyer }), formToken: 'the very same token' })),
    );
    expect(new Set(won.map(({ checkoutId }) => checkoutId)).size).toBe(2);
    await expectInvariants(market);
  });

  it('in two tabs makes two checkouts while both fit', async () => {
    const [listing, buyer] = [await onSale({ onSale: 100 }), await aPerson(market)];
    const { won } = await raceMany(2, () => startPurchase(market, listing, { buyer, amount: 50 }));
    expect(new Set(won.map(({ checkoutId }) => checkoutId)).size).toBe(2);
    expect(await listingNow(market, listing.id)).toMatchObject({ availableNano: 0n, reservedNano: usdNano(100) });
    await expectInvariants(market);
  });

  it('in two tabs is refused in one if only one fits', async () => {
    const [listing, buyer] = [await onSale({ onSale: 100 }), await aPerson(market)];
    const { won, lost } = await raceMany(2, () => startPurchase(market, listing, { buyer, amount: 60 }));
    expect(won).toHaveLength(1);
    expect(lost).toMatchObject([{ status: 422, code: 'sold_out', detail: { field: 'amount' } }]);
    await expectInvariants(market);
  });

  it('in many tabs never exceeds a new buyer’s daily limit, and refused credit is back on the market', async () => {
    const [listing, buyer] = [await onSale(), await aPerson(market)];
    const { won, lost } = await raceMany(6, () => startPurchase(market, listing, { buyer, amount: 100 }));
    expect(won).toHaveLength(4);
    expect(lost).toMatchObject([{ code: 'new_buyer_limit' }, { code: 'new_buyer_limit' }]);
    expect(await listingNow(market, listing.id)).toMatchObject({ reservedNano: usdNano(400), availableNano: usdNano(600) });
    await expectInvariants(market);
  });

  it('is refused without an account, without a verified address, and for a lot that does not exist', async () => {
    const [listing, buyer] = [await onSale(), await aPerson(market)];
    const input = {
      listingId: listing.id,
      creditNano: usdNano(20),
      shownDiscountBps: 5_000,
      formToken: 'a token of a form',
      useNow: true as const,
    };
    expect(await getRefusal(startCheckout(market.services.ctxFor({ kind: 'visitor' }), input))).toMatchObject({ status: 401 });
    expect(await getRefusal(startCheckout(market.services.ctxFor({ ...buyer.actor, verified: false }), input))).toMatchObject({
      status: 403,
    });
    expect(await getRefusal(startCheckout(buyer.ctx(), { ...input, listingId: newId('listing', new Date()) }))).toMatchObject({
      status: 404,
    });
    expect(await getRefusal(startCheckout(seller.ctx(), input))).toMatchObject({
      status: 422,
      code: 'own_listing',
      detail: { field: 'amount' },
    });
  });
});

describe('a price that changes while buyers buy', () => {
  it('charges each buyer the displayed price or a lower one, and refuses the others', async () => {
    const listing = await onSale({ discountBps: 5_000 });
    const { won, lost } = await race<unknown>([
      ...crowd.slice(0, 10).map((buyer) => startPurchase(market, listing, { buyer, amount: 10 })),
      changePrice(seller.ctx(), { listingId: listing.id, discountBps: 4_000 }),
      ...crowd.slice(10).map((buyer) => startPurchase(market, listing, { buyer, amount: 10 })),
    ]);
    expect(won.length + lost.length).toBe(21);
    expect(new Set(lost.map((refusal) => refusal.code))).toEqual(lost.length > 0 ? new Set(['price_changed']) : new Set());
    const charged = await db()
      .select({ bps: transactions.discountBps, cents: transactions.priceCents })
      .from(transactions)
      .where(eq(transactions.listingId, listing.id));
    expect(charged.every(({ bps, cents }) => bps === 5_000 && cents === 500n)).toBe(true);
    await expectInvariants(market);
  });

  it('keeps the price of reserved credit', async () => {
    const listing = await onSale({ discountBps: 5_000 });
    const { checkoutId } = await startPurchase(market, listing, { amount: 100 });
    await changePrice(seller.ctx(), { listingId: listing.id, discountBps: 3_000 });
    expect(await pay(market, checkoutId)).toBe('paid');
    expect((await findOutcome(checkoutId)).payment).toMatchObject({ amountCents: 5_000n });
    await expectInvariants(market);
  });
});

describe('withdrawing the unsold part', () => {
  it('against 20 concurrent buys: credit reserved first is sold, the rest is withdrawn, nothing is lost', async () => {
    const listing = await onSale({ onSale: 1_000 });
    const { won, lost } = await race<unknown>([
      ...crowd.slice(0, 10).map((buyer) => startPurchase(market, listing, { buyer, amount: 20 })),
      withdrawListing(seller.ctx(), listing.id),
      ...crowd.slice(10).map((buyer) => startPurchase(market, listing, { buyer, amount: 20 })),
    ]);
    expect(new Set(lost.map((refusal) => refusal.code))).toEqual(lost.length > 0 ? new Set(['not_on_sale']) : new Set());
    const reserved = usdNano(20) * BigInt(won.length - 1);
    expect(await listingNow(market, listing.id)).toMatchObject({
      state: 'withdrawn',
      availableNano: 0n,
      reservedNano: reserved,
      withdrawnNano: usdNano(1_000) - reserved,
    });
    const [first] = await db()
      .select()
      .from(checkouts)
      .innerJoin(transactions, eq(transactions.checkoutId, checkouts.id))
      .where(eq(transactions.listingId, listing.id));
    if (first) expect(await pay(market, first.checkouts.id)).toBe('paid');
    await expectInvariants(market);
  });

  it('keeps the token while a reservation is open, and destroys it after', async () => {
    const listing = await onSale();
    const { checkoutId } = await startPurchase(market, listing);
    await withdrawListing(seller.ctx(), listing.id);
    expect((await listingNow(market, listing.id)).secretId).not.toBeNull();
    expect(await pay(market, checkoutId)).toBe('paid');
    expect((await findOutcome(checkoutId)).grant).toMatchObject({ state: 'open', creditNano: usdNano(20) });
    await expectInvariants(market);
  });
});

describe('a decision by two admins at once', () => {
  it('approves once: one succeeds, the other gets a conflict', async () => {
    const [{ listing }, second] = [await aSubmittedListing(market, { seller }), await anAdmin(market)];
    const { won, lost } = await race([admin, second, admin].map((by) => decideListing(by.ctx(), listing.id, { intent: 'approve' })));
    expect(won).toHaveLength(1);
    expect(lost).toMatchObject([
      { status: 409, code: 'already_decided' },
      { status: 409, code: 'already_decided' },
    ]);
    const written = await db()
      .select()
      .from(auditLog)
      .where(and(eq(auditLog.subject, listing.id), eq(auditLog.action, 'listing.approve')));
    expect(written).toHaveLength(1);
    await expectInvariants(market);
  });

  it('approves or rejects, never both', async () => {
    const [{ listing }, second] = [await aSubmittedListing(market, { seller }), await anAdmin(market)];
    const { won, lost } = await race([
      decideListing(admin.ctx(), listing.id, { intent: 'approve' }),
      decideListing(second.ctx(), listing.id, { intent: 'reject', reasonCode: 'other', note: 'Tell us more.' }),
    ]);
    expect([won.length, lost.length]).toEqual([1, 1]);
    await expectInvariants(market);
  });
});

describe('suspending a lot', () => {
  it('while buyers buy: each gets a checkout or reads that it is not on sale', async () => {
    const listing = await onSale();
    const { won, lost } = await race<unknown>([
      ...crowd.slice(0, 10).map((buyer) => startPurchase(market, listing, { buyer, amount: 10 })),
      suspend(listing),
    ]);
    expect(won.length + lost.length).toBe(11);
    expect(new Set(lost.map((refusal) => refusal.code))).toEqual(lost.length > 0 ? new Set(['not_on_sale']) : new Set());
    await expectInvariants(market);
  });

  it('before a payment is confirmed refunds it in full, at Stripe too, and tells the buyer', async () => {
    const [listing, buyer] = [await onSale(), await aPerson(market)];
    const { checkoutId } = await startPurchase(market, listing, { buyer, amount: 100 });
    await payAtStripe(market, checkoutId);
    await suspend(listing);
    expect(await confirmPayment(market.system(), checkoutId)).toBe('paid');
    const outcome = await findOutcome(checkoutId);
    expect(outcome).toMatchObject({
      transaction: { state: 'refunded', refundedCents: 5_000n },
      refunds: [{ amountCents: 5_000n, state: 'requested' }],
    });
    expect(outcome.grant).toBeUndefined();
    for (const refund of outcome.refunds)
      await Promise.all([makeRefund(market.system(), refund.id), makeRefund(market.system(), refund.id)]);
    expect((await findOutcome(checkoutId)).refunds).toMatchObject([{ state: 'succeeded' }]);
    expect(await mailsTo(market, buyer.email)).toEqual(expect.arrayContaining([expect.stringMatching(/turned|refund/)]));
    expect(await listingNow(market, listing.id)).toMatchObject({ reservedNano: 0n, soldNano: 0n });
    await expectInvariants(market);
  });

  it('while payments arrive: each is delivered or refunded in full, never both', async () => {
    const listing = await onSale();
    const started = await Promise.all(crowd.slice(0, 6).map((buyer) => startPurchase(market, listing, { buyer, amount: 10 })));
    for (const { checkoutId } of started) await payAtStripe(market, checkoutId);
    const { lost } = await race<unknown>([
      ...started.flatMap(({ checkoutId }) => [confirmPayment(market.system(), checkoutId), confirmPayment(market.system(), checkoutId)]),
      suspend(listing),
    ]);
    expect(lost).toEqual([]);
    for (const { checkoutId } of started) {
      const { transaction, grant, refunds: back } = await findOutcome(checkoutId);
      const delivered = transaction?.state === 'delivered';
      expect([delivered, grant !== undefined, back.length]).toEqual(delivered ? [true, true, 0] : [false, false, 1]);
    }
    await expectInvariants(market);
  });
});

it('a checkout paid and canceled at once is either paid or ended without a payment, and every caller gets the same answer', async () => {
  const listing = await onSale();
  const started = await Promise.all(crowd.slice(0, 8).map((buyer) => startPurchase(market, listing, { buyer, amount: 10 })));
  await race<unknown>(
    started.flatMap(({ checkoutId }, index) => [
      endCheckout(market.system(), checkoutId, 'canceled'),
      ...(index % 2
        ? [
            payAtStripe(market, checkoutId).then(
              () => confirmPayment(market.system(), checkoutId),
              () => undefined,
            ),
          ]
        : []),
      endCheckout(market.system(), checkoutId, 'expired'),
    ]),
  );
  for (const { checkoutId } of started) await confirmPayment(market.system(), checkoutId);
  const { reservedNano, soldNano, availableNano } = await listingNow(market, listing.id);
  expect([reservedNano, soldNano + availableNano]).toEqual([0n, usdNano(1_000)]);
  await expectInvariants(market);
});
