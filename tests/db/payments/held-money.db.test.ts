import { eq } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { grants } from '~db/schema';
import { balanceCents } from '~/modules/ledger/index.server';
import { grantsToVest } from '~/modules/metering/index.server';
import { sendMail } from '~/modules/notifications/index.server';
import { DAY_MS, HOUR_MS } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { confirmPayment } from '~/workflows/paying/confirm-payment.server';
import { endGrants } from '~/workflows/burning/end-grants.server';
import { failLot, failOverdueLots } from '~/workflows/failing/fail-lot.server';
import { bookStripeFees } from '~/workflows/paying/reconcile-stripe.server';
import { releaseVested, settleTransactions } from '~/workflows/releasing/release-vested.server';
import { replaceListingToken } from '~/workflows/listing/replace-token.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { startCheckout } from '~/workflows/paying/start-checkout.server';
import { aListing, anAdmin, aPerson, listingNow, type Person } from '~tests/factories/market';
import { aCheckout, aPurchase, burn, buying, checkoutRow, findPurchase } from '~tests/factories/transactions';
import { mailTo } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
let admin: Person;

beforeAll(async () => {
  admin = await anAdmin(market);
});

const fails = (listingId: Parameters<typeof failLot>[1]) =>
  reportLotFailure(market.system(), { listingId, reason: 'token_refused', detail: 'test' });

it('a purchase burned completely is released and completed even if its lot fails', async () => {
  const { listing, seller } = await aListing(market, { admin });
  const [first, second] = [await aPerson(market), await aPerson(market)];
  const burned = await aPurchase(market, first, listing, 30);
  const unburned = await aPurchase(market, second, listing, 40);
  await burn(first, usdNano(30));
  await fails(listing.id);
  market.advance(25 * HOUR_MS);
  await failOverdueLots(market.system());
  expect((await findPurchase(market, burned.checkoutId)).transaction).toMatchObject({ state: 'completed', releasedSellerCents: 1_350n });
  expect((await findPurchase(market, unburned.checkoutId)).transaction).toMatchObject({ state: 'refunded', refundedCents: 2_000n });
  expect(await balanceCents(market.system(), { kind: 'held', ownerId: burned.transactionId })).toBe(0n);
  expect(await balanceCents(market.system(), { kind: 'seller_payable', ownerId: seller.id })).toBe(1_350n);
  await expectInvariants(market);
});

it('a purchase whose window ended before its lot failed does not stay frozen', async () => {
  const { listing } = await aListing(market, { admin, daysLeft: 5 });
  const buyer = await aPerson(market);
  const { checkoutId } = await aPurchase(market, buyer, listing, 40);
  market.advance(5 * DAY_MS);
  await endGrants(market.system());
  await fails(listing.id);
  market.advance(25 * HOUR_MS);
  await failOverdueLots(market.system());
  expect((await findPurchase(market, checkoutId)).transaction.state).toBe('refunded');
  await expectInvariants(market);
});

it('a lot repaired in time does not fail, and a lot past its deadline cannot be repaired', async () => {
  const { listing, seller } = await aListing(market, { admin, username: 'in-time' });
  const buyer = await aPerson(market);
  const { checkoutId } = await aPurchase(market, buyer, listing, 40);
  await fails(listing.id);
  const mend = () =>
    replaceListingToken(seller.ctx(), { listingId: listing.id, token: market.replicate.control.issueToken('in-time').token });
  await mend();
  // The sweep had already selected it before the token came.
  await failLot(market.system(), listing.id);
  expect(await listingNow(market, listing.id)).toMatchObject({ state: 'active' });
  expect((await findPurchase(market, checkoutId)).transaction.state).toBe('delivered');

  await fails(listing.id);
  market.advance(25 * HOUR_MS);
  await mend();
  expect(await listingNow(market, listing.id)).toMatchObject({ state: 'paused' });
  await failOverdueLots(market.system());
  expect((await findPurchase(market, checkoutId)).transaction.state).toBe('refunded');
  await expectInvariants(market);
});

it('a payment first heard of after the burn window is refunded in full', async () => {
  const { listing } = await aListing(market, { admin, daysLeft: 4 });
  const buyer = await aPerson(market);
  const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, 40);
  market.stripe.control.paySession(sessionId);
  market.advance(5 * DAY_MS);
  await confirmPayment(market.system(), checkoutId);
  expect(await findPurchase(market, checkoutId)).toMatchObject({ transaction: { state: 'refunded', refundedCents: 2_000n }, grant: null });
  expect(await listingNow(market, listing.id)).toMatchObject({ reservedNano: 0n, soldNano: 0n });
  await expectInvariants(market);
});

it('a form sent again with another amount is another checkout', async () => {
  const { listing } = await aListing(market, { admin });
  const buyer = await aPerson(market);
  const form = buying(listing, 100);
  const first = await startCheckout(buyer.ctx(), form);
  expect(await startCheckout(buyer.ctx(), form)).toEqual(first);
  const second = await startCheckout(buyer.ctx(), { ...form, creditNano: usdNano(120) });
  expect((await checkoutRow(market, second.checkoutId)).totalCents).toBe(6_000n);
  expect((await checkoutRow(market, first.checkoutId)).totalCents).toBe(5_000n);
  await expectInvariants(market);
});

it('credit burned after settlement day is not checked for release repeatedly', async () => {
  const { listing } = await aListing(market, { admin, daysLeft: 200 });
  const buyer = await aPerson(market);
  const { transactionId } = await aPurchase(market, buyer, listing, 40);
  market.advance(61 * DAY_MS);
  await settleTransactions(market.system());
  await burn(buyer, usdNano(20));
  const mine = async () => (await grantsToVest(market.system(), 1n, null, 1_000)).filter((grant) => grant.transactionId === transactionId);
  expect(await mine()).toHaveLength(1);
  await releaseVested(market.system());
  expect(await mine()).toEqual([]);
  const [grant] = await market.system().db.select().from(grants).where(eq(grants.transactionId, transactionId));
  expect(grant).toMatchObject({ state: 'open', capturedNano: usdNano(20) });
  await expectInvariants(market);
});

it('production keeps a mail’s text and link only until it is sent', async () => {
  const { listing } = await aListing(market, { admin });
  const buyer = await aPerson(market);
  await aPurchase(market, buyer, listing, 20);
  const [mail] = await mailTo(market.system(), buyer.email);
  expect(mail?.text).toContain('http');
  const system = market.system();
  if (mail) await sendMail({ ...system, config: { ...system.config, mode: 'production' } }, { mailIds: [mail.id] });
  const [sent] = await mailTo(market.system(), buyer.email);
  expect(sent).toMatchObject({ id: mail?.id, subject: mail?.subject, text: '', html: '' });
});

it('a fee that Stripe reports later is posted later, once', async () => {
  const { listing } = await aListing(market, { admin });
  const { checkoutId, sessionId } = await aCheckout(market, await aPerson(market), listing, 40);
  market.stripe.control.paySession(sessionId);
  const system = market.system();
  const { stripe } = system.ports;
  const silent: typeof stripe = {
    ...stripe,
    retrieveCheckoutSession: async (id) => {
      const session = await stripe.retrieveCheckoutSession(id);
      return session?.payment ? { ...session, payment: { ...session.payment, feeCents: null } } : session;
    },
  };
  const fees = () => balanceCents(market.system(), { kind: 'stripe_fees', ownerId: '' });
  const before = await fees();
  await confirmPayment({ ...system, ports: { ...system.ports, stripe: silent } }, checkoutId);
  expect(await fees()).toBe(before);
  expect(await bookStripeFees(market.system())).toBe(1);
  expect(await fees()).toBeGreaterThan(before);
  const booked = await fees();
  expect(await bookStripeFees(market.system())).toBe(0);
  expect(await fees()).toBe(booked);
  await expectInvariants(market);
});
