import { and, eq } from 'drizzle-orm';
import { listings } from '~db/schema';
import { recordAudit } from '~/modules/audit/index.server';
import { destroySecret, openSecret, seal } from '~/modules/vault/index.server';
import { atomic, requireVerifiedUser, type Ctx } from '~/platform/context';
import { conflict, DomainError, invalid, notFound } from '~/platform/errors';
import type { ListingId, SecretId } from '~/platform/ids';
import { limit } from '~/platform/rate-limit.server';
import { isFinal } from './listing-machine';
import { changeListing, lockListing, lockOwnListing, type Listing } from './listing-store.server';
import type { ReplicateAccount } from './replicate-port';

/** What a listing's token is bound to in the vault. */
export function tokenPlace(listingId: ListingId): string {
  return `listings/${listingId}`;
}

/** Seals a token for its listing, in the caller's atomic block. */
export async function sealToken(tx: Ctx, listingId: ListingId, token: string): Promise<SecretId> {
  return seal(tx, { plaintext: token, boundTo: tokenPlace(listingId) });
}

/**
 * Asks Replicate whose token this is. Outside any atomic block; bounded per seller, so that nobody tries tokens through us.
 * @throws DomainError 422 beside the token's field, 429, or 503 when Replicate cannot be reached.
 */
export async function checkToken(ctx: Ctx, token: string): Promise<ReplicateAccount> {
  await limit(ctx, 'token_check', requireVerifiedUser(ctx));
  const answer = await ctx.ports.replicate.getAccount(token);
  if (answer.ok) return answer.account;
  switch (answer.reason) {
    case 'invalid_token':
      throw invalid(
        'token',
        'Replicate does not know this token, or it was revoked. Make a new one at Replicate and paste it here.',
        'token_refused',
      );
    case 'no_credit':
      throw invalid(
        'token',
        'Replicate says this account has no credit left. Use a token of the account that holds it.',
        'token_without_credit',
      );
    case 'unreachable':
      throw new DomainError(
        'replicate_unreachable',
        'Replicate could not be reached to check the token. Nothing was saved; submit again in a minute.',
        503,
        { field: 'token' },
      );
  }
}

/** The sealed token of the seller's own listing, for a check. @throws DomainError 404 when it is another's or gone. */
export async function openOwnToken(ctx: Ctx, listingId: ListingId): Promise<string> {
  const own = and(eq(listings.id, listingId), eq(listings.sellerId, requireVerifiedUser(ctx)));
  const [row] = await ctx.db.select({ secretId: listings.secretId }).from(listings).where(own);
  if (!row?.secretId) throw notFound('listing');
  return openSecret(ctx, { secretId: row.secretId, boundTo: tokenPlace(listingId) });
}

/** Replaces the token of the seller's own listing by another of the same account, and destroys the old one. */
export async function replaceToken(ctx: Ctx, listingId: ListingId, token: string): Promise<{ listing: Listing; secretId: SecretId }> {
  const sellerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    const before = await lockOwnListing(tx, sellerId, listingId);
    if (before.secretId === null)
      throw conflict('token_gone', 'This listing has ended and its token was destroyed: there is nothing to replace.');
    const secretId = await sealToken(tx, listingId, token);
    const listing = await changeListing(tx, before, { secretId });
    await destroySecret(tx, before.secretId);
    await recordAudit(tx, 'listing.token_replaced', listingId);
    return { listing, secretId };
  });
}

/**
 * Destroys the token of an ended listing with nothing open on it. `nothingOpen` runs under the listing's lock, so that no sale can happen
 * in between. False if the token must stay or is gone already.
 */
export async function forgetToken(tx: Ctx, listingId: ListingId, nothingOpen: () => Promise<boolean>): Promise<boolean> {
  const listing = await lockListing(tx, listingId);
  if (!isFinal(listing.state) || listing.reservedNano > 0n || listing.secretId === null) return false;
  if (listing.mendUntilAt || listing.creditDoubtedAt) return false;
  if (!(await nothingOpen())) return false;
  await destroySecret(tx, listing.secretId);
  await changeListing(tx, listing, { secretId: null });
  await recordAudit(tx, 'listing.token_destroyed', listingId);
  return true;
}
