import { addSellerBurn, lockSellerProfile, takeFreeProfiles } from '~/modules/accounts/index.server';
import { addBurned, copySellerFacts, lockSellersListings } from '~/modules/listings/index.server';
import { sellersToCount, takeUncountedBurns } from '~/modules/metering/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { crashPoint } from '~/platform/crash-point';
import type { UserId } from '~/platform/ids';

const SELLERS_AT_ONCE = 50;

/**
 * Takes up what was burned since it was last counted: on the listings, on their sellers' profiles, and from there on what the listings
 * show of their seller. One atomic block: a crash counts nothing and the next call counts all. Any number of processes may do it at once,
 * each for other sellers. Answers how many sellers were counted.
 */
export async function countBurns(ctx: Ctx): Promise<number> {
  return atomic(ctx, async (tx) => {
    const due = await sellersToCount(tx, SELLERS_AT_ONCE);
    return due.length === 0 ? 0 : count(tx, await takeFreeProfiles(tx, due));
  });
}

/** The same for one seller, in the caller's block: for whoever is about to change what the market shows of it. Locks: profile, listings. */
export async function countSellersBurns(tx: Ctx, sellerId: UserId): Promise<void> {
  await lockSellerProfile(tx, sellerId);
  await count(tx, [sellerId]);
}

async function count(tx: Ctx, sellerIds: UserId[]): Promise<number> {
  if (sellerIds.length === 0) return 0;
  await lockSellersListings(tx, sellerIds);
  const ofSeller = new Map<UserId, bigint>();
  for (const { sellerId, listingId, burnedNano } of await takeUncountedBurns(tx, sellerIds)) {
    await addBurned(tx, listingId, burnedNano);
    ofSeller.set(sellerId, (ofSeller.get(sellerId) ?? 0n) + burnedNano);
  }
  for (const [sellerId, burnedNano] of ofSeller) await addSellerBurn(tx, sellerId, burnedNano);
  await copySellerFacts(tx, sellerIds);
  crashPoint('burns.counted');
  return sellerIds.length;
}
