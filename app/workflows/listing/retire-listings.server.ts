import { freeProviderAccount } from '~/modules/accounts/index.server';
import {
  endedListingsWithToken,
  expireListing,
  forgetToken,
  lapseListing,
  listingsToExpire,
  listingsToLapse,
  withdrawUnsold,
  type Listing,
} from '~/modules/listings/index.server';
import { hasNoOpenGrants } from '~/modules/metering/index.server';
import { notifyUser } from '~/modules/notifications/index.server';
import { listingEndedMail } from '~/modules/notifications/mails/listings';
import { paths } from '~/paths';
import { atomic, type Ctx } from '~/platform/context';
import type { ListingId } from '~/platform/ids';
import { readBatches } from '~/platform/paging';

/** The seller withdraws what is not sold. If nothing on the listing is open, its token is destroyed and its account freed. */
export async function withdrawListing(ctx: Ctx, listingId: ListingId): Promise<Listing> {
  return atomic(ctx, async (tx) => {
    const listing = await withdrawUnsold(tx, listingId);
    await releaseToken(tx, listingId);
    return listing;
  });
}

/** Ends listings that expire soon, and withdraws listings idle for too long; mails each seller. Bounded per run. */
export async function retireListings(ctx: Ctx): Promise<void> {
  for (const listingId of await listingsToExpire(ctx)) await retire(ctx, listingId, 'expired');
  for (const listingId of await listingsToLapse(ctx)) await retire(ctx, listingId, 'lapsed');
}

async function retire(ctx: Ctx, listingId: ListingId, why: 'expired' | 'lapsed'): Promise<void> {
  await atomic(ctx, async (tx) => {
    const listing = await (why === 'expired' ? expireListing(tx, listingId) : lapseListing(tx, listingId));
    if (!listing) return;
    await releaseToken(tx, listingId);
    await notifyUser(
      tx,
      listing.sellerId,
      listingEndedMail({ listing, why, url: `${tx.config.publicUrl}${paths.sellListing(listingId)}` }),
    );
  });
}

const BATCHES = { size: 100, atMost: 50, keyOf: (id: ListingId) => id };

/** Destroys tokens of ended listings with nothing open on them, and frees their accounts. Bounded per run. */
export async function forgetTokens(ctx: Ctx): Promise<void> {
  for await (const ids of readBatches(BATCHES, (after, size) => endedListingsWithToken(ctx, after, size))) {
    for (const listingId of ids) await atomic(ctx, (tx) => releaseToken(tx, listingId));
  }
}

/** One Replicate account backs one listing until that listing is final and nothing on it is open (docs/design.md#rules-of-the-market). */
async function releaseToken(tx: Ctx, listingId: ListingId): Promise<void> {
  if (await forgetToken(tx, listingId, () => hasNoOpenGrants(tx, listingId))) await freeProviderAccount(tx, listingId);
}
