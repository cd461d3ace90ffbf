import { addSellerBurn, lockSellerProfile, takeFreeProfiles } from '~/modules/accounts/index.server';
import { addBurned, copySellerFacts, lockSellersListings } from '~/modules/listings/index.server';
import { sellersToCount, takeUncountedBurns } from '~/modules/metering/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { crashPoint } from '~/platform/crash-point';
import type { UserId } from '~/platform/ids';

const SELLERS_AT_ONCE = 50;

/**
 * Adds burns since the last count to listings and sellers' profiles, and copies the profiles' facts onto listings. One atomic block: after
 * a crash the next call counts everything. Processes may run it at once, each for other sellers. Returns the number of sellers.
 */
export async function countBurns(ctx: Ctx): Promise<number> {
  return atomic(ctx, async (tx) => {
    const due = await sellersToCount(tx, SELLERS_AT_ONCE);
    return due.length === 0 ? 0 : count(tx, await takeFreeProfiles(tx, due));
  });
}

/** Counts one seller's burns in the caller's block, before its public facts change. Locks: profile, listings. */
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
