import { recordAudit } from '~/modules/audit/index.server';
import { atomic, requireVerifiedUser, type Ctx } from '~/platform/context';
import { conflict } from '~/platform/errors';
import type { ListingId } from '~/platform/ids';
import { changeListing, lockOwnListing, takeStep, unsoldWithdrawn, type Listing } from './listing-store.server';

/** The seller stops selling for a while. Credit already bought keeps working. */
export async function pauseListing(ctx: Ctx, listingId: ListingId): Promise<Listing> {
  const sellerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    const listing = await takeStep(tx, await lockOwnListing(tx, sellerId, listingId), 'pause', 'seller', {
      pausedBy: 'seller',
      pausedAt: tx.now,
      stateReason: null,
    });
    await recordAudit(tx, 'listing.paused', listingId);
    return listing;
  });
}

/** The seller resumes selling. Only a passed check ends a pause by a failed one. @throws DomainError 404, 409. */
export async function resumeListing(ctx: Ctx, listingId: ListingId): Promise<Listing> {
  const sellerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    const before = await lockOwnListing(tx, sellerId, listingId);
    if (before.pausedBy === 'system' || before.mendUntilAt) {
      throw conflict('under_check', 'A check of this lot failed. It goes on once a working token of the same Replicate account is here.');
    }
    const listing = await takeStep(tx, before, 'resume', 'seller', { pausedBy: null, pausedAt: null, stateReason: null });
    await recordAudit(tx, 'listing.resumed', listingId);
    return listing;
  });
}

/**
 * The seller withdraws what is not sold: `available` becomes withdrawn, and the listing ends; reservations and grants continue. While a
 * failed check is open, the listing stays until the check ends, because buyers' refunds depend on it.
 * @throws DomainError 404, 409 when it has ended already.
 */
export async function withdrawUnsold(ctx: Ctx, listingId: ListingId): Promise<Listing> {
  const sellerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    const before = await lockOwnListing(tx, sellerId, listingId);
    const listing = before.mendUntilAt
      ? await changeListing(tx, before, unsoldWithdrawn(before))
      : await takeStep(tx, before, 'withdraw', 'seller', { ...unsoldWithdrawn(before), endedAt: tx.now });
    await recordAudit(tx, 'listing.withdrawn', listingId, { withdrawnNano: String(before.availableNano) });
    return listing;
  });
}
