import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { listings, refunds, transactionEvents } from '~db/schema';
import { balanceCents } from '~/modules/ledger/index.server';
import type { Listing } from '~/modules/listings/index.server';
import { DAY_MS } from '~/platform/dates';
import type { TransactionId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { finishClosingRefunds, refundUnburned } from '~/workflows/failing/refund-unburned.server';
import { releaseVested, settleTransactions } from '~/workflows/releasing/release-vested.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { takeRefundNow } from '~/workflows/failing/take-refund-now.server';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aPurchase, aRun, burn, findPurchase, workOff } from '~tests/factories/transactions';
import { mailTo } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raceMany, getRefusal } from '~tests/setup/race';

const market = testMarket();
const reason = 'The lot was not mended in time.';
let admin: Person;

beforeAll(async () => {
  admin = await anAdmin(market);
});

async function aBuyerWith(
  credit: number,
  onSale = 500,
): Promise<{
  buyer: Person;
  seller: Person;
  listing: Listing;
  checkoutId: Parameters<typeof findPurchase>[1];
  transactionId: TransactionId;
}> {
  const { listing, seller } = await aListing(market, { admin, onSale });
  const buyer = await aPerson(market);
  return { buyer, seller, listing, ...(await aPurchase(market, buyer, listing, credit)) };
}

const heldCents = (transactionId: TransactionId) => balanceCents(market.system(), { kind: 'held', ownerId: transactionId });
const payableTo = (seller: Person) => balanceCents(market.system(), { kind: 'seller_payable', ownerId: seller.id });

describe('refunding the unburned part', () => {
  it('pays the seller for what was burned, gives the buyer the rest with odd cents, and puts the quantity back on sale', async () => {
    const { buyer, seller, listing, checkoutId, transactionId } = await aBuyerWith(100);
    await burn(buyer, 33_333_333_333n);
    // Price $50.00, fee $5.00: ⌊45.00 × 0.333…⌋ = $14.99 to the seller, ⌊5.00 × 0.333…⌋ = $1.66 to us.
    expect(await refundUnburned(market.system(), { transactionId, reason })).toEqual({ state: 'refunded', amountCents: 3_335n });
    const { transaction, grant } = await findPurchase(market, checkoutId);
    expect(transaction).toMatchObject({ state: 'refunded', releasedSellerCents: 1_499n, releasedFeeCents: 166n, refundedCents: 3_335n });
    expect(grant).toMatchObject({ state: 'failed', availableNano: 0n, returnedNano: 66_666_666_667n });
    expect(await heldCents(transactionId)).toBe(0n);
    expect(await payableTo(seller)).toBe(1_499n);
    const [lot] = await market.system().db.select().from(listings).where(eq(listings.id, listing.id));
    expect(lot).toMatchObject({ soldNano: 33_333_333_333n, availableNano: 466_660_000_000n, withdrawnNano: 6_666_667n });
    expect((await mailTo(market.system(), buyer.email))[0]).toMatchObject({ kind: 'payment.refunded', subject: 'Refund: $33.35' });
    await workOff(market);
    expect(await market.system().db.select().from(refunds).where(eq(refunds.transactionId, transactionId))).toEqual([
      expect.objectContaining({ state: 'succeeded', amountCents: 3_335n }),
    ]);
    await expectInvariants(market);
  });

  it('happens once when many ask', async () => {
    const { transactionId } = await aBuyerWith(40);
    const { won, lost } = await raceMany(6, () => refundUnburned(market.system(), { transactionId, reason }));
    expect(lost).toEqual([]);
    expect(won.filter((result) => result.state === 'refunded')).toHaveLength(1);
    expect(await refundUnburned(market.system(), { transactionId, reason })).toEqual({ state: 'nothing' });
    await expectInvariants(market);
  });

  it('waits for open runs, then counts what they burned', async () => {
    const { buyer, checkoutId, transactionId } = await aBuyerWith(100);
    const run = await aRun(buyer, usdNano(10));
    expect(await refundUnburned(market.system(), { transactionId, reason })).toEqual({ state: 'closing' });
    expect(await refundUnburned(market.system(), { transactionId, reason })).toEqual({ state: 'closing' });
    expect(await finishClosingRefunds(market.system())).toBe(0);
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({
      state: 'frozen',
      closingReason: reason,
      refundedCents: 0n,
    });
    await expectInvariants(market);
    await run.settle(usdNano(4));
    expect(await finishClosingRefunds(market.system())).toBe(1);
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({
      state: 'refunded',
      refundedCents: 4_800n,
      releasedSellerCents: 180n,
      releasedFeeCents: 20n,
    });
    const events = await market.system().db.select().from(transactionEvents).where(eq(transactionEvents.transactionId, transactionId));
    expect(events.map((event) => event.kind)).toEqual(['started', 'delivered', 'closing', 'released', 'refunded']);
    await expectInvariants(market);
  });

  it('gives the buyer what is left after earlier releases, never more', async () => {
    const { buyer, seller, checkoutId, transactionId } = await aBuyerWith(100);
    await burn(buyer, usdNano(20));
    await releaseVested(market.system());
    expect(await payableTo(seller)).toBe(900n);
    await burn(buyer, usdNano(1));
    expect(await refundUnburned(market.system(), { transactionId, reason })).toEqual({ state: 'refunded', amountCents: 3_950n });
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({ releasedSellerCents: 945n, releasedFeeCents: 105n });
    await expectInvariants(market);
  });

  it('can be taken by the buyer only, while the lot is paused', async () => {
    const { buyer, listing, transactionId, checkoutId } = await aBuyerWith(40);
    const stranger = await aPerson(market);
    expect(await getRefusal(takeRefundNow(buyer.ctx(), transactionId))).toMatchObject({ status: 409 });
    await reportLotFailure(market.system(), { listingId: listing.id, reason: 'token_refused', detail: 'test' });
    expect((await findPurchase(market, checkoutId)).transaction.state).toBe('frozen');
    expect(await getRefusal(takeRefundNow(stranger.ctx(), transactionId))).toMatchObject({ status: 404 });
    expect(await takeRefundNow(buyer.ctx(), transactionId)).toEqual({ state: 'refunded', amountCents: 2_000n });
    await expectInvariants(market);
  });
});

describe('releasing vested money', () => {
  it('waits for $5.00 to be due, then releases once', async () => {
    const { buyer, seller, transactionId } = await aBuyerWith(100);
    await burn(buyer, usdNano(9));
    await releaseVested(market.system());
    expect(await payableTo(seller)).toBe(0n);
    await burn(buyer, usdNano(3));
    await Promise.all([releaseVested(market.system()), releaseVested(market.system())]);
    expect(await payableTo(seller)).toBe(540n);
    expect(await heldCents(transactionId)).toBe(5_000n - 600n);
    await expectInvariants(market);
  });

  it('releases everything and completes at the last nano burned', async () => {
    const { buyer, seller, checkoutId, transactionId } = await aBuyerWith(30);
    await burn(buyer, usdNano(30));
    await releaseVested(market.system());
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({
      state: 'completed',
      releasedSellerCents: 1_350n,
      releasedFeeCents: 150n,
    });
    expect(await payableTo(seller)).toBe(1_350n);
    expect(await heldCents(transactionId)).toBe(0n);
    await expectInvariants(market);
  });

  it('releases nothing while a purchase is frozen', async () => {
    const { buyer, seller, listing } = await aBuyerWith(100);
    await burn(buyer, usdNano(50));
    await reportLotFailure(market.system(), { listingId: listing.id, reason: 'no_credit', detail: 'test' });
    await releaseVested(market.system());
    await settleTransactions(market.system());
    expect(await payableTo(seller)).toBe(0n);
    await expectInvariants(market);
  });
});

it('settlement day pays the seller what is still held, and allows no refund after it', async () => {
  const { listing, seller } = await aListing(market, { admin, onSale: 100, daysLeft: 5 });
  const buyer = await aPerson(market);
  const { checkoutId, transactionId } = await aPurchase(market, buyer, listing, 100);
  await burn(buyer, usdNano(10));
  await settleTransactions(market.system());
  expect((await findPurchase(market, checkoutId)).transaction.state).toBe('delivered');
  market.advance(5 * DAY_MS);
  await settleTransactions(market.system());
  expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({
    state: 'completed',
    releasedSellerCents: 4_500n,
    releasedFeeCents: 500n,
  });
  expect(await payableTo(seller)).toBe(4_500n);
  expect(await heldCents(transactionId)).toBe(0n);
  expect(await refundUnburned(market.system(), { transactionId, reason })).toEqual({ state: 'nothing' });
});
