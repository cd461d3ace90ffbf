import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditLog, transactionEvents } from '~db/schema';
import { makeOffer } from '~/modules/offers/index.server';
import { recordUseConsent } from '~/modules/transactions/index.server';
import { useNowConsent } from '~/modules/transactions/withdrawal';
import { DAY_MS } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { acceptOfferAndOpenCheckout } from '~/workflows/listing/accept-offer.server';
import { endGrants } from '~/workflows/burning/end-grants.server';
import { finishClosingRefunds } from '~/workflows/failing/refund-unburned.server';
import { releaseVested, settleTransactions } from '~/workflows/releasing/release-vested.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { withdrawFromContract } from '~/workflows/failing/withdraw-from-contract.server';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aPurchase, aRun, burn, findPurchase, workOff } from '~tests/factories/transactions';
import { mailTo } from '~tests/factories/users';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raceMany, getRefusal } from '~tests/setup/race';

const market = testMarket();
let admin: Person;

beforeAll(async () => {
  admin = await anAdmin(market);
});

async function aBuyerWith(credit: number, daysLeft = 60) {
  const { listing, seller } = await aListing(market, { admin, onSale: 500, daysLeft });
  const buyer = await aPerson(market, 'Wilma Withdraws');
  return { buyer, seller, listing, ...(await aPurchase(market, buyer, listing, credit)) };
}

describe('withdrawing from the contract', () => {
  it('refunds the unburned part, and confirms it by a dated mail and an audit record', async () => {
    const { buyer, seller, listing, checkoutId, transactionId } = await aBuyerWith(100);
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({ useConsentVersion: useNowConsent.version });
    await burn(buyer, usdNano(30));
    market.advance(10 * DAY_MS);
    expect(await withdrawFromContract(buyer.ctx(), transactionId)).toEqual({ state: 'refunded', amountCents: 3_500n });
    const { transaction, grant } = await findPurchase(market, checkoutId);
    expect(transaction).toMatchObject({ state: 'refunded', refundedCents: 3_500n, releasedSellerCents: 1_350n, releasedFeeCents: 150n });
    expect(transaction.withdrawnAt).not.toBeNull();
    expect(grant).toMatchObject({ state: 'failed', availableNano: 0n });
    const mails = await mailTo(market.system(), buyer.email);
    const acknowledgement = mails.find((mail) => mail.kind === 'withdrawal.acknowledged');
    expect(acknowledgement?.text).toContain('Wilma Withdraws');
    expect(acknowledgement?.text).toContain(transactionId);
    expect(acknowledgement?.text).toContain('$35.00');
    expect(acknowledgement?.text).toMatch(/Received: +\d+ \w{3} \d{4}, \d\d:\d\d UTC/);
    expect((await mailTo(market.system(), seller.email)).map((mail) => mail.kind)).toContain('listing.sale_withdrawn');
    const [record] = await market.system().db.select().from(auditLog).where(eq(auditLog.subject, transactionId));
    expect(record).toMatchObject({ action: 'purchase.withdrawn', actorId: buyer.id, facts: { refundCents: '3500' } });
    const events = await market.system().db.select().from(transactionEvents).where(eq(transactionEvents.transactionId, transactionId));
    expect(events.map((event) => event.kind)).toEqual(['started', 'delivered', 'withdrawn', 'released', 'refunded']);
    await workOff(market);
    expect(listing.id).toBe(transaction.listingId);
    await expectInvariants(market);
  });

  it('happens once, even if requested repeatedly', async () => {
    const { buyer, transactionId } = await aBuyerWith(40);
    const { won, lost } = await raceMany(6, () => withdrawFromContract(buyer.ctx(), transactionId));
    expect(won).toEqual([{ state: 'refunded', amountCents: 2_000n }]);
    expect(lost).toHaveLength(5);
    expect(await getRefusal(withdrawFromContract(buyer.ctx(), transactionId))).toMatchObject({ status: 409, code: 'already_withdrawn' });
    await expectInvariants(market);
  });

  it('waits for open runs, then counts what they burned', async () => {
    const { buyer, checkoutId, transactionId } = await aBuyerWith(100);
    const run = await aRun(buyer, usdNano(10));
    expect(await withdrawFromContract(buyer.ctx(), transactionId)).toEqual({ state: 'closing' });
    await expectInvariants(market);
    await run.settle(usdNano(4));
    expect(await finishClosingRefunds(market.system())).toBe(1);
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({ state: 'refunded', refundedCents: 4_800n });
    await expectInvariants(market);
  });

  it('loses no cent when runs burn credit at the same time', async () => {
    const { buyer, checkoutId, transactionId } = await aBuyerWith(100);
    const runs = await Promise.all([1, 2, 3].map(() => aRun(buyer, usdNano(10))));
    await Promise.all([withdrawFromContract(buyer.ctx(), transactionId), ...runs.map((run) => run.settle(usdNano(5)))]);
    await finishClosingRefunds(market.system());
    const { transaction, grant } = await findPurchase(market, checkoutId);
    expect(grant).toMatchObject({ capturedNano: usdNano(15), authorizedNano: 0n });
    expect(transaction).toMatchObject({ state: 'refunded', refundedCents: 4_250n });
    await expectInvariants(market);
  });

  it('is possible for a paused purchase too', async () => {
    const { buyer, listing, transactionId } = await aBuyerWith(40);
    await reportLotFailure(market.system(), { listingId: listing.id, reason: 'token_refused', detail: 'test' });
    expect(await withdrawFromContract(buyer.ctx(), transactionId)).toEqual({ state: 'refunded', amountCents: 2_000n });
    await expectInvariants(market);
  });

  it('is possible for the buyer only, and for 14 days', async () => {
    const { buyer, transactionId } = await aBuyerWith(40);
    expect(await getRefusal(withdrawFromContract((await aPerson(market)).ctx(), transactionId))).toMatchObject({ status: 404 });
    market.advance(15 * DAY_MS);
    expect(await getRefusal(withdrawFromContract(buyer.ctx(), transactionId))).toMatchObject({ status: 409, code: 'withdrawal_over' });
    await expectInvariants(market);
  });

  it('is refused once all is burned, before and after the release', async () => {
    const { buyer, checkoutId, transactionId } = await aBuyerWith(30);
    await burn(buyer, usdNano(30));
    expect(await getRefusal(withdrawFromContract(buyer.ctx(), transactionId))).toMatchObject({ status: 409, code: 'all_burned' });
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({ state: 'delivered', withdrawnAt: null });
    await releaseVested(market.system());
    expect(await getRefusal(withdrawFromContract(buyer.ctx(), transactionId))).toMatchObject({ status: 409, code: 'nothing_held' });
    await expectInvariants(market);
  });

  it('is refused from settlement day on', async () => {
    const { buyer, checkoutId, transactionId } = await aBuyerWith(40, 5);
    market.advance(5 * DAY_MS);
    expect(await getRefusal(withdrawFromContract(buyer.ctx(), transactionId))).toMatchObject({ code: 'withdrawal_over' });
    await settleTransactions(market.system());
    await endGrants(market.system());
    expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({
      state: 'completed',
      refundedCents: 0n,
      withdrawnAt: null,
    });
    await expectInvariants(market);
  });

  it('against a settlement at the same time happens fully or not at all', async () => {
    const { buyer, checkoutId, transactionId } = await aBuyerWith(40, 5);
    const before = buyer.ctx();
    market.advance(5 * DAY_MS);
    await Promise.all([settleTransactions(market.system()), withdrawFromContract(before, transactionId).catch(() => null)]);
    await endGrants(market.system());
    const { state, refundedCents, withdrawnAt } = (await findPurchase(market, checkoutId)).transaction;
    expect([state, refundedCents, withdrawnAt !== null]).toEqual(
      state === 'completed' ? ['completed', 0n, false] : ['refunded', 2_000n, true],
    );
    await expectInvariants(market);
  });
});

it('the buyer of an accepted offer must consent before paying, and the first consent is stored', async () => {
  const { listing, seller } = await aListing(market, { admin, onSale: 100 });
  const buyer = await aPerson(market);
  const lot = { ...listing, onSale: true, minimumNano: listing.minNano };
  const offer = await makeOffer(buyer.ctx(), lot, { listingId: listing.id, creditNano: usdNano(50), discountBps: 6_000, hours: 24 });
  const { checkoutId } = await acceptOfferAndOpenCheckout(seller.ctx(), { offerId: offer.id });
  expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({ useConsentAt: null, useConsentVersion: null });
  await recordUseConsent((await aPerson(market)).ctx(), checkoutId, useNowConsent.version);
  expect((await findPurchase(market, checkoutId)).transaction.useConsentAt).toBeNull();
  await recordUseConsent(buyer.ctx(), checkoutId, useNowConsent.version);
  const first = (await findPurchase(market, checkoutId)).transaction.useConsentAt;
  expect(first).not.toBeNull();
  market.advance(60_000);
  await recordUseConsent(buyer.ctx(), checkoutId, 'another text');
  expect((await findPurchase(market, checkoutId)).transaction).toMatchObject({
    useConsentAt: first,
    useConsentVersion: useNowConsent.version,
  });
});
