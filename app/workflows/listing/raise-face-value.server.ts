import { findBackingAccount, recordTermsAcceptance, lockSellerProfile } from '~/modules/accounts/index.server';
import { askRaise, openOwnToken, type Listing } from '~/modules/listings/index.server';
import { atomic, requireVerifiedUser, type Ctx } from '~/platform/context';
import { DomainError } from '~/platform/errors';
import type { ListingId } from '~/platform/ids';
import { checkSealedToken } from './submit-listing.server';

/**
 * A seller puts more credit of the same Replicate account behind a listing. Replicate confirms that the sealed token works and whose it is;
 * then the raise waits for an admin, and the seller's declaration for the added credit is recorded.
 * @throws DomainError 404, 409, 422 beside `raiseTo` or on the form; 429; 503 without Replicate.
 */
export async function raiseFaceValue(ctx: Ctx, { listingId, toNano }: { listingId: ListingId; toNano: bigint }): Promise<Listing> {
  const sellerId = requireVerifiedUser(ctx);
  const account = await checkSealedToken(ctx, await openOwnToken(ctx, listingId));
  return atomic(ctx, async (tx) => {
    const backing = await findBackingAccount(tx, listingId);
    if (backing?.username !== account.username.toLowerCase())
      throw new DomainError(
        'other_account',
        'The sealed token is no longer of the account behind this listing. Replace it below first.',
        422,
      );
    const { seasonedAt } = await lockSellerProfile(tx, sellerId);
    const listing = await askRaise(tx, { listingId, toNano, seasoned: seasonedAt !== null });
    await recordTermsAcceptance(tx, sellerId, 'listing');
    return listing;
  });
}
