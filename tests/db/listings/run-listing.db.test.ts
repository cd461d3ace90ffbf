import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { grants, priceChanges, providerAccounts, secrets } from '~db/schema';
import { changePrice, failListing, pauseForCheck, pauseListing, resumeListing, withdrawUnsold } from '~/modules/listings/index.server';
import { openSecret } from '~/modules/vault/index.server';
import { DAY_MS } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { replaceListingToken } from '~/workflows/listing/replace-token.server';
import { forgetTokens, retireListings, withdrawListing } from '~/workflows/listing/retire-listings.server';
import { startCheckout } from '~/workflows/paying/start-checkout.server';
import { aListing, anAdmin, aPerson, aSubmittedListing, listingNow, mailsTo } from '~tests/factories/market';
import { aPurchase, buying } from '~tests/factories/transactions';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { race, getRefusal } from '~tests/setup/race';

const market = testMarket();
afterEach(() => expectInvariants(market));

describe('a seller', () => {
  it('changes the price of the unsold part; the version rises and the change is recorded', async () => {
    const { listing, seller } = await aListing(market, { discountBps: 5_000, minimum: 10 });
    const changed = await changePrice(seller.ctx(), { listingId: listing.id, discountBps: 6_000 });
    expect(changed).toMatchObject({ discountBps: 6_000, priceVersion: 2, minNano: usdNano(12.5) });
    expect(await changePrice(seller.ctx(), { listingId: listing.id, discountBps: 6_000 })).toMatchObject({ priceVersion: 2 });
    expect(await market.system().db.select().from(priceChanges).where(eq(priceChanges.listingId, listing.id))).toMatchObject([
      { fromBps: 5_000, toBps: 6_000 },
    ]);
    expect(await getRefusal(changePrice(seller.ctx(), { listingId: listing.id, discountBps: 7_100 }))).toMatchObject({
      status: 422,
      detail: { field: 'discount' },
    });
  });

  it('pauses and resumes, each once', async () => {
    const { listing, seller } = await aListing(market);
    expect(await pauseListing(seller.ctx(), listing.id)).toMatchObject({ state: 'paused', pausedBy: 'seller' });
    expect(await getRefusal(pauseListing(seller.ctx(), listing.id))).toMatchObject({ status: 409 });
    expect(await resumeListing(seller.ctx(), listing.id)).toMatchObject({ state: 'active', pausedBy: null });
    expect(await getRefusal(resumeListing(seller.ctx(), listing.id))).toMatchObject({ status: 409 });
  });

  it('withdraws the unsold part only; against a buyer one of the two is first', async () => {
    const { listing, seller } = await aListing(market, { onSale: 150 });
    const buyer = await aPerson(market);
    const { won } = await race<unknown>([startCheckout(buyer.ctx(), buying(listing, 100)), withdrawListing(seller.ctx(), listing.id)]);
    const after = await listingNow(market, listing.id);
    expect(after.state).toBe('withdrawn');
    expect(after).toMatchObject(
      won.length === 2 ? { reservedNano: usdNano(100), withdrawnNano: usdNano(50) } : { reservedNano: 0n, withdrawnNano: usdNano(150) },
    );
    expect(await getRefusal(withdrawUnsold(seller.ctx(), listing.id))).toMatchObject({ status: 409 });
  });

  it('can list the account again at once if nothing was sold', async () => {
    const { listing, seller } = await aSubmittedListing(market, { username: 'comes-back' });
    await withdrawListing(seller.ctx(), listing.id);
    const after = await listingNow(market, listing.id);
    expect(after).toMatchObject({ state: 'withdrawn', secretId: null, availableNano: 0n });
    const [secret] = await market
      .system()
      .db.select()
      .from(secrets)
      .where(eq(secrets.id, listing.secretId ?? 'sec_'));
    expect(secret?.ciphertext).toBeNull();
    const [account] = await market.system().db.select().from(providerAccounts).where(eq(providerAccounts.username, 'comes-back'));
    expect(account?.backingListingId).toBeNull();
  });

  it('cannot destroy the token of an ended listing with an open grant', async () => {
    const { listing, seller } = await aListing(market);
    await aPurchase(market, await aPerson(market), listing, 100);
    await withdrawListing(seller.ctx(), listing.id);
    await forgetTokens(market.system());
    expect((await listingNow(market, listing.id)).secretId).toBe(listing.secretId);
  });

  it('replaces the token with one of the same account, also for the grants', async () => {
    const { listing, seller } = await aListing(market, { username: 'two-tokens' });
    await aPurchase(market, await aPerson(market), listing, 100);
    const { token } = market.replicate.control.issueToken('two-tokens');
    const { secretId } = await replaceListingToken(seller.ctx(), { listingId: listing.id, token });
    expect(await openSecret(market.system(), { secretId: secretId ?? 'sec_', boundTo: `listings/${listing.id}` })).toBe(token);
    const [grant] = await market.system().db.select().from(grants).where(eq(grants.listingId, listing.id));
    expect(grant?.secretId).toBe(secretId);
    const foreign = market.replicate.control.createAccount({ username: 'somebody-else', creditUsd: '10' });
    expect(await getRefusal(replaceListingToken(seller.ctx(), { listingId: listing.id, token: foreign.token }))).toMatchObject({
      status: 422,
      code: 'other_account',
    });
  });

  it('cannot end a failed check by resuming or withdrawing, only with a working token', async () => {
    const { listing, seller } = await aListing(market, { username: 'mends' });
    await pauseForCheck(market.system(), listing.id, { reason: 'Replicate refuses the token.', mendHours: 24, creditLacks: false });
    expect(await getRefusal(resumeListing(seller.ctx(), listing.id))).toMatchObject({ status: 409, code: 'under_check' });
    await replaceListingToken(seller.ctx(), { listingId: listing.id, token: market.replicate.control.issueToken('mends').token });
    expect(await listingNow(market, listing.id)).toMatchObject({ state: 'active', mendUntilAt: null, pausedBy: null });

    await pauseForCheck(market.system(), listing.id, { reason: 'Again.', mendHours: 24, creditLacks: false });
    await withdrawListing(seller.ctx(), listing.id);
    expect(await listingNow(market, listing.id)).toMatchObject({ state: 'paused', availableNano: 0n });
    await failListing(market.system(), listing.id, 'Not mended.');
    expect(await listingNow(market, listing.id)).toMatchObject({ state: 'failed', mendUntilAt: null });
  });

  it('keeps a listing paused through a failed check and a suspension', async () => {
    const admin = await anAdmin(market);
    const { listing, seller } = await aListing(market, { username: 'stays-paused' });
    await pauseListing(seller.ctx(), listing.id);
    await pauseForCheck(market.system(), listing.id, { reason: 'Replicate refuses the token.', mendHours: 24, creditLacks: false });
    await replaceListingToken(seller.ctx(), { listingId: listing.id, token: market.replicate.control.issueToken('stays-paused').token });
    expect(await listingNow(market, listing.id)).toMatchObject({ state: 'paused', pausedBy: 'seller' });
    await decideListing(admin.ctx(), listing.id, { intent: 'suspend', note: 'We look at it.' });
    expect(await decideListing(admin.ctx(), listing.id, { intent: 'reinstate' })).toMatchObject({ state: 'paused', pausedBy: 'seller' });
  });
});

describe('a stranger', () => {
  it('finds no listing of another seller', async () => {
    const { listing } = await aListing(market);
    const ctx = (await aPerson(market)).ctx();
    const token = `r8_${'x'.repeat(37)}`;
    const tries = [
      () => changePrice(ctx, { listingId: listing.id, discountBps: 6_000 }),
      () => pauseListing(ctx, listing.id),
      () => resumeListing(ctx, listing.id),
      () => withdrawListing(ctx, listing.id),
      () => replaceListingToken(ctx, { listingId: listing.id, token }),
    ];
    for (const attempt of tries) expect(await getRefusal(attempt())).toMatchObject({ status: 404 });
    expect(await listingNow(market, listing.id)).toMatchObject({ state: 'active', discountBps: listing.discountBps });
  });
});

describe('scheduled sweeps', () => {
  it('end listings that their seller does not answer for or that expire soon, and destroy their tokens', async () => {
    const admin = await anAdmin(market);
    const idle = await aSubmittedListing(market, { daysLeft: 100 });
    await decideListing(admin.ctx(), idle.listing.id, { intent: 'ask', note: 'Whose is it?' });
    const ending = await aListing(market, { daysLeft: 10 });
    const lasting = await aListing(market, { daysLeft: 200 });
    market.advance(14 * DAY_MS + 1_000);
    await retireListings(market.system());
    await forgetTokens(market.system());
    expect(await listingNow(market, idle.listing.id)).toMatchObject({ state: 'withdrawn', secretId: null });
    expect(await listingNow(market, ending.listing.id)).toMatchObject({ state: 'expired', secretId: null, availableNano: 0n });
    expect((await listingNow(market, lasting.listing.id)).state).toBe('active');
    expect(await mailsTo(market, idle.seller.email)).toContain('listing.lapsed');
    expect(await mailsTo(market, ending.seller.email)).toContain('listing.expired');
  });
});
