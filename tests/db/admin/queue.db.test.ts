import { afterEach, describe, expect, it } from 'vitest';
import { answerReview } from '~/modules/listings/index.server';
import type { ListingId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { adminListingPage } from '~/queries/admin/admin-listing.server';
import { adminQueue } from '~/queries/admin/admin-queue.server';
import { sellerListingPage } from '~/queries/selling/sell-listing.server';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { raiseFaceValue } from '~/workflows/listing/raise-face-value.server';
import { resubmitRejected } from '~/workflows/listing/submit-listing.server';
import { anAdmin, aPerson, aSubmittedListing, listingNow, mailsTo, type Person } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { race, getRefusal } from '~tests/setup/race';

const market = testMarket();
afterEach(() => expectInvariants(market));

const question = { intent: 'ask', note: 'Where is the credit from?' } as const;
const rejection = { intent: 'reject', reasonCode: 'other', note: 'Not like this.' } as const;
const takeBack = { intent: 'take_back' } as const;

async function flagsInQueue(admin: Person, id: ListingId): Promise<string[] | undefined> {
  const { items } = await adminQueue(admin.ctx());
  return items.find((item) => item.id === id)?.flags;
}

describe('the queue', () => {
  it('flags a listing whose seller answered and one that was resubmitted, and no others', async () => {
    const admin = await anAdmin(market);
    const [fresh, asked, rejected] = [await aSubmittedListing(market), await aSubmittedListing(market), await aSubmittedListing(market)];
    await decideListing(admin.ctx(), asked.listing.id, question);
    await answerReview(asked.seller.ctx(), { listingId: asked.listing.id, answer: 'From an invoice.' });
    await decideListing(admin.ctx(), rejected.listing.id, rejection);
    const terms = { ...rejected.listing, faceNano: usdNano(200) };
    await resubmitRejected(rejected.seller.ctx(), { listingId: rejected.listing.id, terms });

    expect(await flagsInQueue(admin, asked.listing.id)).toContain('Answered');
    expect(await flagsInQueue(admin, rejected.listing.id)).toContain('Submitted again');
    for (const flag of ['Answered', 'Submitted again']) expect(await flagsInQueue(admin, fresh.listing.id)).not.toContain(flag);
  });

  it('flags a raise as that alone, whatever the first review was like, and keeps notes of approvals between admins', async () => {
    const admin = await anAdmin(market);
    const { listing, seller } = await aSubmittedListing(market);
    await decideListing(admin.ctx(), listing.id, question);
    await answerReview(seller.ctx(), { listingId: listing.id, answer: 'From an invoice.' });
    await decideListing(admin.ctx(), listing.id, { intent: 'approve', note: 'Odd, but fine.' });
    const raiseTo = listing.faceNano + usdNano(10);
    await raiseFaceValue(seller.ctx(), { listingId: listing.id, toNano: raiseTo });
    const flags = await flagsInQueue(admin, listing.id);
    expect(flags).toContain('Raise');
    expect(flags).not.toContain('Answered');
    await decideListing(admin.ctx(), listing.id, { intent: 'approve_raise', raiseTo, note: 'Watch this one.' });
    const { reviews } = await sellerListingPage(seller.ctx(), seller.id, listing.id);
    expect(reviews.map(({ note }) => note).filter((note) => /Odd|Watch/.test(note ?? ''))).toEqual([]);
    expect(JSON.stringify((await adminListingPage(admin.ctx(), listing.id)).audit.map(({ facts }) => facts))).toMatch(/Odd.*|Watch/);
  });

  it('lists listings that wait for the seller and lots that failed a check separately', async () => {
    const admin = await anAdmin(market);
    const { listing } = await aSubmittedListing(market);
    await decideListing(admin.ctx(), listing.id, question);
    const { items, withSellers } = await adminQueue(admin.ctx(), { show: 'asked' });
    expect(items.map((item) => item.id)).toContain(listing.id);
    expect(items).toHaveLength(withSellers);
    expect((await adminQueue(admin.ctx(), { show: 'failing' })).items).toEqual([]);
  });

  it('offers the next listing after a decision, never the admin’s own', async () => {
    const admin = await anAdmin(market);
    const waiting = (await adminQueue(admin.ctx())).items;
    const { listing } = await aSubmittedListing(market, { seller: admin });
    const last = await aSubmittedListing(market);
    const after = async (id: ListingId) => (await adminListingPage(admin.ctx(), id)).next?.id ?? null;
    expect(await after(waiting.at(-1)?.id ?? listing.id)).toBe(last.listing.id);
    // After the last one the list starts again with the oldest.
    expect(await after(last.listing.id)).toBe(waiting[0]?.id ?? null);
  });
});

describe('a question', () => {
  it('can be withdrawn: the listing waits at its old place, and the seller is notified', async () => {
    const admin = await anAdmin(market);
    const { listing, seller } = await aSubmittedListing(market);
    await decideListing(admin.ctx(), listing.id, question);
    const again = await decideListing(admin.ctx(), listing.id, takeBack);
    expect(again).toMatchObject({ state: 'in_review', submittedAt: listing.submittedAt });
    expect(await mailsTo(market, seller.email)).toContain('listing.question_taken_back');
    expect((await decideListing(admin.ctx(), listing.id, { intent: 'approve' })).state).toBe('active');
  });

  it('can be followed by a rejection before the answer', async () => {
    const admin = await anAdmin(market);
    const { listing } = await aSubmittedListing(market);
    await decideListing(admin.ctx(), listing.id, question);
    expect((await decideListing(admin.ctx(), listing.id, rejection)).state).toBe('rejected');
  });

  it('cannot be withdrawn by a stranger, before it was asked, or after the answer', async () => {
    const [admin, stranger] = [await anAdmin(market), await aPerson(market)];
    const { listing, seller } = await aSubmittedListing(market);
    expect(await getRefusal(decideListing(stranger.ctx(), listing.id, takeBack))).toMatchObject({ status: 404 });
    expect(await getRefusal(decideListing(admin.ctx(), listing.id, takeBack))).toMatchObject({ status: 409 });
    await decideListing(admin.ctx(), listing.id, question);
    const answer = answerReview(seller.ctx(), { listingId: listing.id, answer: 'From an invoice.' });
    const { won, lost } = await race([decideListing(admin.ctx(), listing.id, takeBack), answer]);
    expect([won.length, lost[0]?.status]).toEqual([1, 409]);
    expect((await listingNow(market, listing.id)).state).toBe('in_review');
  });
});
