import { asc, eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { auditLog, listingReviews } from '~db/schema';
import { answerReview } from '~/modules/listings/index.server';
import type { ListingId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { submitListing, resubmitRejected } from '~/workflows/listing/submit-listing.server';
import { aListing, anAdmin, aPerson, aSubmittedListing, listingNow, mailsTo } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raceMany, getRefusal } from '~tests/setup/race';

const market = testMarket();
afterEach(() => expectInvariants(market));

const listSteps = async (id: ListingId) =>
  (
    await market
      .system()
      .db.select()
      .from(listingReviews)
      .where(eq(listingReviews.listingId, id))
      .orderBy(asc(listingReviews.createdAt), asc(listingReviews.id))
  ).map((review) => review.step);
const actionsOn = async (id: ListingId) =>
  (await market.system().db.select().from(auditLog).where(eq(auditLog.subject, id)).orderBy(asc(auditLog.seq))).map(
    (record) => record.action,
  );

describe('an admin', () => {
  it('approves: the listing is on the market, the seller gets a mail, and the audit log names the admin', async () => {
    const admin = await anAdmin(market);
    const { listing, seller } = await aSubmittedListing(market);
    const active = await decideListing(admin.ctx(), listing.id, { intent: 'approve' });
    expect(active.state).toBe('active');
    expect(active.publishedAt).toBeInstanceOf(Date);
    expect(await mailsTo(market, seller.email)).toContain('listing.approved');
    expect(await actionsOn(listing.id)).toEqual(['listing.submitted', 'listing.approve']);
  });

  it('asks, gets an answer, rejects, gets the listing again, and approves it', async () => {
    const admin = await anAdmin(market);
    const { listing, seller } = await aSubmittedListing(market, { onSale: 500 });
    await decideListing(admin.ctx(), listing.id, { intent: 'ask', note: 'Where is the credit from?' });
    await answerReview(seller.ctx(), { listingId: listing.id, answer: 'From an invoice of March.' });
    await decideListing(admin.ctx(), listing.id, { intent: 'reject', reasonCode: 'price_doubtful', note: 'List less of it.' });
    const terms = { faceNano: usdNano(320), discountBps: 4_000, minNano: usdNano(20), creditExpiresAt: listing.creditExpiresAt };
    const again = await resubmitRejected(seller.ctx(), { listingId: listing.id, terms });
    expect(again).toMatchObject({
      state: 'in_review',
      listedNano: usdNano(300),
      availableNano: usdNano(300),
      discountBps: 4_000,
      priceVersion: 2,
    });
    await decideListing(admin.ctx(), listing.id, { intent: 'approve' });
    expect(await listSteps(listing.id)).toEqual(['submit', 'ask', 'answer', 'reject', 'submit', 'approve']);
    expect(await mailsTo(market, seller.email)).toEqual(
      expect.arrayContaining(['listing.question', 'listing.rejected', 'listing.approved']),
    );
  });

  it('decides once when ten decide at once; the others get a clear sentence', async () => {
    const admins = await Promise.all(Array.from({ length: 10 }, () => anAdmin(market)));
    const { listing } = await aSubmittedListing(market);
    const { won, lost } = await raceMany(10, (index) => {
      const ctx = (admins[index] ?? admins[0])?.ctx() ?? market.system();
      return index % 2 === 0
        ? decideListing(ctx, listing.id, { intent: 'approve' })
        : decideListing(ctx, listing.id, { intent: 'reject', reasonCode: 'other', note: 'No.' });
    });
    expect(won).toHaveLength(1);
    expect(lost.every((refusal) => refusal.status === 409 && refusal.message.includes('Somebody was faster'))).toBe(true);
    expect(await listSteps(listing.id)).toHaveLength(2);
  });

  it('cannot decide on a listing of their own', async () => {
    const admin = await anAdmin(market);
    const { token } = market.replicate.control.createAccount({ username: 'admins-own', creditUsd: '600' });
    const terms = {
      faceNano: usdNano(520),
      discountBps: 4_500,
      minNano: usdNano(10),
      creditExpiresAt: (await aSubmittedListing(market)).listing.creditExpiresAt,
    };
    const own = await submitListing(admin.ctx(), { terms, token });
    expect(await getRefusal(decideListing(admin.ctx(), own.id, { intent: 'approve' }))).toMatchObject({ status: 403, code: 'own_listing' });
    expect((await listingNow(market, own.id)).state).toBe('in_review');
  });

  it('suspends a listing and reinstates it in its former state', async () => {
    const admin = await anAdmin(market);
    const { listing } = await aListing(market);
    expect(await decideListing(admin.ctx(), listing.id, { intent: 'suspend', note: 'We look at it.' })).toMatchObject({
      state: 'suspended',
      stateReason: 'We look at it.',
      availableNano: listing.availableNano,
    });
    expect(await decideListing(admin.ctx(), listing.id, { intent: 'reinstate' })).toMatchObject({ state: 'active', stateReason: null });
  });

  it('cannot approve a listing that is not in review', async () => {
    const admin = await anAdmin(market);
    const { listing } = await aListing(market);
    expect(await getRefusal(decideListing(admin.ctx(), listing.id, { intent: 'approve' }))).toMatchObject({ status: 409 });
  });
});

describe('a person who is no admin', () => {
  it('gets 404 for every decision', async () => {
    const stranger = await aPerson(market);
    const { listing, seller } = await aSubmittedListing(market);
    for (const person of [stranger, seller])
      expect(await getRefusal(decideListing(person.ctx(), listing.id, { intent: 'approve' }))).toMatchObject({ status: 404 });
    expect(await getRefusal(answerReview(stranger.ctx(), { listingId: listing.id, answer: 'Mine.' }))).toMatchObject({ status: 404 });
    expect(await getRefusal(answerReview(seller.ctx(), { listingId: listing.id, answer: 'Nobody asked.' }))).toMatchObject({ status: 409 });
  });
});
