import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessKeys, listings, payments, refunds } from '~db/schema';
import { platform } from '~/modules/ledger/ledger-accounts';
import { balanceCents } from '~/modules/ledger/index.server';
import type { Listing } from '~/modules/listings/index.server';
import { moveCheckout } from '~/modules/payments/index.server';
import { addDays, MINUTE_MS } from '~/platform/dates';
import type { CheckoutId, TransactionId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { closeCheckout } from '~/workflows/paying/close-checkout.server';
import { confirmPayment, confirmSession } from '~/workflows/paying/confirm-payment.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { retryStripeWork, reconcileSessions } from '~/workflows/paying/reconcile-stripe.server';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aCheckout, checkoutRow, findPurchase, workOff } from '~tests/factories/transactions';
import { mailTo } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raceMany } from '~tests/setup/race';

const market = testMarket();
let admin: Person;
let listing: Listing;

beforeAll(async () => {
  admin = await anAdmin(market);
  ({ listing } = await aListing(market, { admin, onSale: 5_000, daysLeft: 90 }));
});

const heldCents = (transactionId: TransactionId) => balanceCents(market.system(), { kind: 'held', ownerId: transactionId });
const clearing = () => balanceCents(market.system(), platform('refund_clearing'));
const db = () => market.system().db;

describe('a payment', () => {
  it('is held and the credit delivered, with settlement 60 days later', async () => {
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 100);
    const cash = await balanceCents(market.system(), platform('stripe_balance'));
    const fees = await balanceCents(market.system(), platform('stripe_fees'));
    market.stripe.control.paySession(sessionId);
    expect(await confirmPayment(market.system(), checkoutId)).toBe('paid');
    const { transaction, grant } = await findPurchase(market, checkoutId);
    expect(transaction.state).toBe('delivered');
    expect(grant).toMatchObject({ state: 'open', creditNano: usdNano(100), availableNano: usdNano(100), buyerId: buyer.id });
    expect(transaction.settlementAt).toEqual(addDays(transaction.deliveredAt ?? new Date(0), 60));
    expect(await heldCents(transaction.id)).toBe(5_000n);
    const [payment] = await db().select().from(payments).where(eq(payments.checkoutId, checkoutId));
    expect(payment).toMatchObject({ amountCents: 5_000n, cardLastFour: '4242', stripeFeeCents: 175n });
    expect((await balanceCents(market.system(), platform('stripe_balance'))) - cash).toBe(5_000n - 175n);
    expect((await balanceCents(market.system(), platform('stripe_fees'))) - fees).toBe(175n);
    await expectInvariants(market);
  });

  it('mails a receipt without a key to the buyer and the sale to the seller, and makes no key', async () => {
    const { listing: lot, seller } = await aListing(market, { admin, onSale: 100 });
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, lot, 50);
    market.stripe.control.paySession(sessionId);
    await confirmPayment(market.system(), checkoutId);
    const [receipt] = await mailTo(market.system(), buyer.email);
    expect(receipt).toMatchObject({ kind: 'payment.received', subject: 'Payment received: $50.00 of Replicate credit' });
    // Law wants the right to withdraw and the consent to immediate use confirmed on a lasting medium.
    expect(receipt?.text).toMatch(/You may withdraw from this contract until \d+ \w+ \d{4}, 00:00 UTC/);
    expect(receipt?.text).toContain('You agreed that use may begin at once');
    expect(receipt?.text).toContain('You paid $25.00 and saved $25.00 (50.0%)');
    expect(receipt?.text).not.toMatch(/cmk_/);
    expect((await mailTo(market.system(), seller.email))[0]).toMatchObject({ kind: 'listing.sold' });
    expect(await db().select().from(accessKeys).where(eq(accessKeys.buyerId, buyer.id))).toEqual([]);
  });

  it('is taken once, however often and wherever it is confirmed', async () => {
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 60);
    market.stripe.control.paySession(sessionId);
    const other = await market.anotherProcess();
    const { lost } = await raceMany(8, (index) =>
      confirmPayment((index % 2 ? other : market.services).ctxFor({ kind: 'system', name: 'race' }), checkoutId),
    );
    expect(lost).toEqual([]);
    expect(await confirmPayment(market.system(), checkoutId)).toBe('paid');
    const { transaction } = await findPurchase(market, checkoutId);
    expect(await heldCents(transaction.id)).toBe(3_000n);
    expect((await mailTo(market.system(), buyer.email)).filter((mail) => mail.kind === 'payment.received')).toHaveLength(1);
    await expectInvariants(market);
  });

  it('is asked about once when page and job ask together; an answer “not paid yet” is not reused by a later caller', async () => {
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 20);
    const ctx = market.system();
    const { stripe } = ctx.ports;
    let asked = 0;
    let pay = () => undefined as unknown;
    const counted = {
      ...stripe,
      retrieveCheckoutSession: async (id: string) => {
        asked += 1;
        const answer = await stripe.retrieveCheckoutSession(id);
        pay();
        return answer;
      },
    };
    const own = { ...ctx, ports: { ...ctx.ports, stripe: counted } };
    // Paid right after the first answer: the second caller must not reuse that answer.
    pay = () => market.stripe.control.paySession(sessionId);
    expect((await Promise.all([confirmPayment(own, checkoutId), confirmSession(own, sessionId)])).sort()).toEqual(['open', 'paid']);
    expect(asked).toBe(2);
    const next = await aCheckout(market, buyer, listing, 20);
    market.stripe.control.paySession(next.sessionId);
    pay = () => undefined;
    expect(await Promise.all([confirmPayment(own, next.checkoutId), confirmSession(own, next.sessionId)])).toEqual(['paid', 'paid']);
    expect(asked).toBe(3);
  });

  it('unknown to Stripe leaves everything open', async () => {
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 20);
    market.stripe.control.paySession(sessionId, { card: '4000000000000002' });
    expect(await confirmPayment(market.system(), checkoutId)).toBe('open');
    expect((await findPurchase(market, checkoutId)).transaction.state).toBe('awaiting_payment');
    await expectInvariants(market);
  });

  it('of a different amount than we asked for is never taken', async () => {
    const buyer = await aPerson(market);
    const first = await aCheckout(market, buyer, listing, 20);
    const second = await aCheckout(market, buyer, listing, 40);
    await closeCheckout(market.system(), await checkoutRow(market, second.checkoutId), 'canceled');
    market.stripe.control.paySession(first.sessionId);
    const real = market.services.ports.stripe;
    const bent = {
      ...real,
      retrieveCheckoutSession: async (id: string) =>
        real.retrieveCheckoutSession(id).then((session) => session && { ...session, totalCents: 1n }),
    };
    const ctx = { ...market.system(), ports: { ...market.services.ports, stripe: bent } };
    await expect(confirmPayment(ctx, first.checkoutId)).rejects.toThrow(/asked for/);
    expect((await findPurchase(market, first.checkoutId)).transaction.state).toBe('awaiting_payment');
    expect(await confirmPayment(market.system(), first.checkoutId)).toBe('paid');
    await expectInvariants(market);
  });

  it('whose webhook was lost is found by reconciliation', async () => {
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 20);
    market.stripe.control.paySession(sessionId);
    expect(await reconcileSessions(market.system())).toBe(1);
    expect((await findPurchase(market, checkoutId)).transaction.state).toBe('delivered');
    expect(await reconcileSessions(market.system())).toBe(0);
    await expectInvariants(market);
  });
});

describe('a payment for a lot no longer available', () => {
  it('is refunded in full at once if the lot was suspended meanwhile', async () => {
    const { listing: lot } = await aListing(market, { admin, onSale: 100 });
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, lot, 100);
    await decideListing(admin.ctx(), lot.id, { intent: 'suspend', note: 'Spend on this account did not come through us.' });
    market.stripe.control.paySession(sessionId);
    expect(await confirmPayment(market.system(), checkoutId)).toBe('paid');
    const { transaction, grant } = await findPurchase(market, checkoutId);
    expect(transaction).toMatchObject({ state: 'refunded', refundedCents: 5_000n });
    expect(grant).toBeNull();
    expect(await heldCents(transaction.id)).toBe(0n);
    expect(await clearing()).toBe(5_000n);
    expect((await mailTo(market.system(), buyer.email))[0]).toMatchObject({
      kind: 'payment.turned_back',
      subject: 'Refunded in full: $50.00',
    });
    await expectInvariants(market);
    await workOff(market);
    expect(await clearing()).toBe(0n);
    expect(await db().select().from(refunds).where(eq(refunds.transactionId, transaction.id))).toEqual([
      expect.objectContaining({ state: 'succeeded', amountCents: 5_000n }),
    ]);
    const [row] = await db().select().from(listings).where(eq(listings.id, lot.id));
    expect(row).toMatchObject({ reservedNano: 0n, soldNano: 0n });
    await expectInvariants(market);
  });

  it('is refunded if its checkout had already ended here', async () => {
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 20);
    await closeCheckout(market.system(), await checkoutRow(market, checkoutId), 'canceled');
    market.stripe.control.paySession(sessionId);
    expect(await reconcileSessions(market.system())).toBe(1);
    expect((await checkoutRow(market, checkoutId)).state).toBe('paid');
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({ state: 'refunded', refundedCents: 1_000n });
    await workOff(market);
    expect(await clearing()).toBe(0n);
    await expectInvariants(market);
  });
});

describe('a refund', () => {
  async function aRefundWaiting() {
    const { listing: lot } = await aListing(market, { admin, onSale: 40 });
    const buyer = await aPerson(market);
    const { checkoutId, sessionId } = await aCheckout(market, buyer, lot, 40);
    await decideListing(admin.ctx(), lot.id, { intent: 'suspend', note: 'Spend on this account did not come through us.' });
    market.stripe.control.paySession(sessionId);
    await confirmPayment(market.system(), checkoutId);
    const { transaction } = await findPurchase(market, checkoutId);
    const state = async () => (await db().select().from(refunds).where(eq(refunds.transactionId, transaction.id)))[0]?.state;
    return { transaction, state };
  }

  /** What Stripe has refunded of a payment, in cents. */
  async function listStripeRefunds(checkoutId: CheckoutId): Promise<number[]> {
    const [payment] = await db().select().from(payments).where(eq(payments.checkoutId, checkoutId));
    const url = `${market.stripe.url}/v1/refunds?payment_intent=${payment?.stripePaymentIntentId}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${market.services.env.stripe.secretKey}` } });
    return z
      .object({ data: z.array(z.object({ amount: z.number() })) })
      .parse(await answer.json())
      .data.map((refund) => refund.amount);
  }

  it('is made once when Stripe’s answer was lost', async () => {
    const { transaction, state } = await aRefundWaiting();
    market.stripe.control.addFault({ kind: 'drop_after', method: 'POST', path: '/v1/refunds', times: 6 });
    await workOff(market);
    expect(await state()).toBe('requested');
    market.stripe.control.clearFaults();
    market.advance(3 * MINUTE_MS);
    await retryStripeWork(market.system());
    expect(await state()).toBe('succeeded');
    expect(await listStripeRefunds(transaction.checkoutId)).toEqual([2_000]);
    expect(await clearing()).toBe(0n);
    await expectInvariants(market);
  });

  it('is made once when job and sweep run together', async () => {
    const { transaction, state } = await aRefundWaiting();
    market.advance(3 * MINUTE_MS);
    await Promise.all([workOff(market), retryStripeWork(market.system()), retryStripeWork(market.system())]);
    expect(await state()).toBe('succeeded');
    expect(await listStripeRefunds(transaction.checkoutId)).toEqual([2_000]);
    expect(await clearing()).toBe(0n);
    await expectInvariants(market);
  });
});

it('of a payment and an expiry at the same time exactly one succeeds', async () => {
  const buyer = await aPerson(market);
  const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 20);
  market.stripe.control.paySession(sessionId);
  const checkout = await checkoutRow(market, checkoutId);
  await Promise.all([confirmPayment(market.system(), checkoutId), closeCheckout(market.system(), checkout, 'canceled')]);
  const { transaction } = await findPurchase(market, checkoutId);
  expect(['delivered', 'refunded']).toContain(transaction.state);
  expect(await moveCheckout(market.system(), checkoutId, 'pay', { stripeSessionId: sessionId, paidAt: market.system().now })).toBeNull();
  await expectInvariants(market);
});
