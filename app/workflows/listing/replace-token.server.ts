import { findBackingAccount } from '~/modules/accounts/index.server';
import { checkToken, openOwnToken, orderProbe, replaceToken, type Listing } from '~/modules/listings/index.server';
import { replaceGrantSecret } from '~/modules/metering/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { invalid } from '~/platform/errors';
import type { ListingId } from '~/platform/ids';
import { mendLot } from '~/workflows/failing/report-lot-failure.server';

/**
 * The seller puts another token of the same Replicate account behind a listing: buyers' grants burn through it from now on. If a check of
 * the lot had failed, the working token mends it; if the account lacked credit, a small run with the token has to succeed first.
 * @throws DomainError 404, 422 beside the token when it is refused or of another account, 429, 503 without Replicate.
 */
export async function replaceListingToken(ctx: Ctx, { listingId, token }: { listingId: ListingId; token: string }): Promise<Listing> {
  await openOwnToken(ctx, listingId);
  const account = await checkToken(ctx, token);
  const replaced = await atomic(ctx, async (tx) => {
    const backing = await findBackingAccount(tx, listingId);
    if (backing?.username !== account.username.toLowerCase()) {
      throw invalid(
        'token',
        `This token is of another Replicate account. This listing stands on “${backing?.username ?? 'none'}”: use a token of that one.`,
        'other_account',
      );
    }
    const { listing, secretId } = await replaceToken(tx, listingId, token);
    await replaceGrantSecret(tx, listingId, secretId);
    if (listing.creditDoubtedAt) await orderProbe(tx, listing, tx.now);
    return listing;
  });
  if (replaced.mendUntilAt && !replaced.creditDoubtedAt) await mendLot(ctx, listingId);
  return replaced;
}
