import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { listings, payments, refunds, transactionEvents } from '~db/schema';
import { balanceCents } from '~/modules/ledger/index.server';
import type { Listing } from '~/modules/listings/index.server';
import { DAY_MS } from '~/platform/dates';
import { newId, type CheckoutId, type TransactionId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { endGrants } from '~/workflows/burning/end-grants.server';
import { finishClosingRefunds, refundUnburned } from '~/workflows/failing/refund-unburned.server';
import { releaseVested, settleTransactions } from '~/workflows/releasing/release-vested.server';
import { reconcileRefunds, takeInRefund } from '~/workflows/paying/take-in-refund.server';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aCheckout, aPurchase, aRun, burn, findPurchase, workOff } from '~tests/factories/transactions';
import { mailTo } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raceMany } from '~tests/setup/race';

const market = testMarket();
let admin: Person;

beforeAll(async () => {
  admin = await anAdmin(market);
});

interface Bought {
  buyer: Person;
  seller: Person;
  listing: Listing;
  checkoutId: CheckoutId;
  transactionId: TransactionId;
}

/** $100.00 of credit for $50.00: fee $5.00, seller $45.00. */
async function aBuyerWith(credit = 100): Promise<Bought> {
  const { listing, seller } = await aListing(market, { admin, onSale: 500 });
  const buyer = await aPerson(market);
  return { buyer, seller, listing, ...(await aPurchase(market, buyer, listing, credit)) };
}

async function findPaymentIntent(checkoutId: CheckoutId): Promise<string> {
  const [payment] = await market.system().db.select().from(payments).where(eq(payments.checkoutId, checkoutId));
  if (!payment) throw new Error('There is no payment.');
  return payment.stripePaymentIntentId;
}

const intentOfSession = (sessionId: string) => market.stripe.control.sessions().find(({ id }) => id === sessionId)?.paymentIntentId ?? '';

/** A refund is made in Stripe's Dashboard, and its event arrives. */
async function refundByHand({ checkoutId }: Pick<Bought, 'checkoutId'>, amountCents?: number): Promise<string> {
  const { id } = market.stripe.control.refundInDashboard(await findPaymentIntent(checkoutId), amountCents);
  await takeInRefund(market.system(), id);
  return id;
}

const listRefunds = (transactionId: TransactionId) =>
  market.system().db.select().from(refunds).where(eq(refunds.transactionId, transactionId)).orderBy(refunds.createdAt);
const findLot = async ({ listing }: Bought) => (await market.system().db.select().from(listings).where(eq(listings.id, listing.id)))[0];
const ofPlatform = (kind: 'losses' | 'refund_clearing') => balanceCents(market.system(), { kind, ownerId: '' });

describe('a refund made in Stripe’s Dashboard', () => {
  it('is booked, closes its part of the grant, returns that credit to the lot, and both sides are notified', async () => {
    const bought = await aBuyerWith();
    const { buyer, seller, checkoutId, transactionId } = bought;
    await burn(buyer, usdNano(10));
    const id = await refundByHand(bought, 2_000);
    expect(await findPurchase(market, checkoutId)).toMatchObject({
      transaction: { state: 'delivered', refundedCents: 2_000n, lostCents: 0n, givenBackNano: usdNano(40) },
      grant: { state: 'open', availableNano: usdNano(50), capturedNano: usdNano(10), returnedNano: usdNano(40) },
    });
    expect(await findLot(bought)).toMatchObject({ soldNano: usdNano(60), availableNano: usdNano(440) });
    expect(await listRefunds(transactionId)).toMatchObject([{ state: 'succeeded', stripeRefundId: id, amountCents: 2_000n }]);
    const events = await market.system().db.select().from(transactionEvents).where(eq(transactionEvents.transactionId, transactionId));
    expect(events.at(-1)?.sentence).toBe('We refunded $20.00 to your card by hand. $40.00 of its credit can no longer be burned.');
    expect((await mailTo(market.system(), buyer.email))[0]).toMatchObject({ subject: 'Refund: $20.00' });
    expect((await mailTo(market.system(), seller.email))[0]).toMatchObject({ subject: 'Refunded: $20.00 of a sale' });
    await expectInvariants(market);

    // The rest is burned: seller and platform share the $30.00 that remain paid.
    await expect(aRun(buyer, usdNano(51))).rejects.toThrow();
    await burn(buyer, usdNano(50));
    await releaseVested(market.system());
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({
      state: 'completed',
      releasedSellerCents: 2_700n,
      releasedFeeCents: 300n,
    });
    await expectInvariants(market);
  });

  it('is booked once, when its event comes twice and the hourly check finds it, one after the other or at once', async () => {
    const bought = await aBuyerWith();
    const { id } = market.stripe.control.refundInDashboard(await findPaymentIntent(bought.checkoutId), 700);
    const { lost } = await raceMany(4, (index) => (index % 2 ? takeInRefund(market.system(), id) : reconcileRefunds(market.system())));
    expect(lost).toEqual([]);
    await reconcileRefunds(market.system());
    expect(await listRefunds(bought.transactionId)).toHaveLength(1);
    expect((await findPurchase(market, bought.checkoutId)).transaction.refundedCents).toBe(700n);
    await expectInvariants(market);
  });

  it('of the whole payment ends the purchase; nothing is refunded twice', async () => {
    const bought = await aBuyerWith();
    await refundByHand(bought);
    expect(await findPurchase(market, bought.checkoutId)).toMatchObject({
      transaction: { state: 'refunded', refundedCents: 5_000n, lostCents: 0n },
      grant: { state: 'failed', availableNano: 0n },
    });
    expect(await refundUnburned(market.system(), { transactionId: bought.transactionId, reason: 'A test.' })).toEqual({ state: 'nothing' });
    await workOff(market);
    expect(await listRefunds(bought.transactionId)).toHaveLength(1);
    await expectInvariants(market);
  });

  it('of more than the unburned part is the platform’s loss: the seller is paid for what was burned', async () => {
    const bought = await aBuyerWith();
    const before = await ofPlatform('losses');
    await burn(bought.buyer, usdNano(60));
    await refundByHand(bought, 5_000);
    expect((await findPurchase(market, bought.checkoutId)).transaction).toMatchObject({
      state: 'refunded',
      refundedCents: 5_000n,
      lostCents: 3_000n,
      releasedSellerCents: 2_700n,
      releasedFeeCents: 300n,
    });
    expect((await ofPlatform('losses')) - before).toBe(3_000n);
    expect(await balanceCents(market.system(), { kind: 'seller_payable', ownerId: bought.seller.id })).toBe(2_700n);
    await expectInvariants(market);
  });

  it('counts open runs as burned, and reduces the loss if they cost less', async () => {
    const bought = await aBuyerWith();
    const run = await aRun(bought.buyer, usdNano(20));
    await refundByHand(bought, 5_000);
    expect((await findPurchase(market, bought.checkoutId)).transaction).toMatchObject({ state: 'frozen', lostCents: 1_000n });
    await expectInvariants(market);
    await run.settle(usdNano(4));
    expect(await finishClosingRefunds(market.system())).toBe(1);
    expect((await findPurchase(market, bought.checkoutId)).transaction).toMatchObject({
      state: 'refunded',
      refundedCents: 5_000n,
      lostCents: 200n,
    });
    expect(await listRefunds(bought.transactionId)).toHaveLength(1);
    await expectInvariants(market);
  });

  it('replaces a refund that we had decided and not made; the rest of ours is made anew', async () => {
    const bought = await aBuyerWith();
    await burn(bought.buyer, usdNano(20));
    await refundUnburned(market.system(), { transactionId: bought.transactionId, reason: 'A test.' });
    await refundByHand(bought, 1_500);
    await workOff(market);
    expect((await listRefunds(bought.transactionId)).map(({ state, amountCents }) => [state, amountCents])).toEqual([
      ['withdrawn', 4_000n],
      ['succeeded', 1_500n],
      ['succeeded', 2_500n],
    ]);
    expect((await findPurchase(market, bought.checkoutId)).transaction).toMatchObject({ refundedCents: 4_000n, lostCents: 0n });
    expect(await ofPlatform('refund_clearing')).toBe(0n);
    await expectInvariants(market);
  });

  it('is found before our own refund is sent, even if its event was lost', async () => {
    const bought = await aBuyerWith();
    market.stripe.control.refundInDashboard(await findPaymentIntent(bought.checkoutId));
    await refundUnburned(market.system(), { transactionId: bought.transactionId, reason: 'A test.' });
    await workOff(market);
    expect((await listRefunds(bought.transactionId)).map(({ state }) => state)).toEqual(['withdrawn', 'succeeded']);
    await expectInvariants(market);
  });

  it('after settlement day takes the credit and is a loss, since the seller was already paid', async () => {
    const { listing, seller } = await aListing(market, { admin, onSale: 500, daysLeft: 120 });
    const buyer = await aPerson(market);
    const bought = { buyer, seller, listing, ...(await aPurchase(market, buyer, listing, 100)) };
    market.advance(61 * DAY_MS);
    await settleTransactions(market.system());
    await endGrants(market.system());
    await refundByHand(bought, 2_000);
    expect(await findPurchase(market, bought.checkoutId)).toMatchObject({
      transaction: { state: 'completed', refundedCents: 2_000n, lostCents: 2_000n, releasedSellerCents: 4_500n },
      grant: { availableNano: usdNano(60), returnedNano: usdNano(40) },
    });
    await expectInvariants(market);
  });

  it('that arrives before its payment confirms the payment first', async () => {
    const { listing } = await aListing(market, { admin });
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 100);
    market.stripe.control.paySession(sessionId);
    const { id } = market.stripe.control.refundInDashboard(intentOfSession(sessionId), 5_000);
    await takeInRefund(market.system(), id);
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({ state: 'refunded', refundedCents: 5_000n });
    await expectInvariants(market);
  });

  it('of a payment that is not ours is ignored', async () => {
    const system = market.system();
    const checkoutId = newId('checkout', system.now);
    const opened = await system.ports.stripe.createCheckoutSession({ ...otherShop(system.now), checkoutId }, checkoutId);
    if (opened.outcome !== 'done') throw new Error(opened.message);
    market.stripe.control.paySession(opened.value.id);
    const { id } = market.stripe.control.refundInDashboard(intentOfSession(opened.value.id));
    await takeInRefund(system, id);
    await takeInRefund(system, 're_none');
    expect(await system.db.select().from(refunds).where(eq(refunds.stripeRefundId, id))).toEqual([]);
  });
});

const otherShop = (now: Date) => ({
  lines: [{ name: 'A mug', description: 'Blue.', amountCents: 1_500 }],
  customerEmail: null,
  successUrl: 'https://shop.test/paid',
  cancelUrl: 'https://shop.test/back',
  expiresAt: Math.floor(now.getTime() / 1000) + 2_400,
  requestThreeDSecure: false,
});
