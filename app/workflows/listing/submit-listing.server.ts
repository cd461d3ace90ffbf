import { claimProviderAccount, recordTermsAcceptance, lockSellerProfile, type SellerProfile } from '~/modules/accounts/index.server';
import {
  checkToken,
  createListing,
  openOwnToken,
  refuseBrokenTerms,
  resubmitListing,
  sealToken,
  type Listing,
  type SellerFacts,
} from '~/modules/listings/index.server';
import type { ReplicateAccount } from '~/modules/listings/replicate-port';
import type { ListingTerms } from '~/modules/listings/listing-terms';
import { currentPolicy } from '~/modules/policy/index.server';
import { atomic, requireVerifiedUser, type Ctx } from '~/platform/context';
import { DomainError } from '~/platform/errors';
import { newId, type ListingId } from '~/platform/ids';

export interface SubmitListing {
  terms: ListingTerms;
  token: string;
}

/**
 * A seller lists credit. Replicate names the token's account; then one block claims the account, seals the token, writes and submits the
 * listing, and records the declaration (owns the credit, may let others use it, auto-reload is off).
 * @throws DomainError 422 beside the field that is wrong, also when the account backs a listing already; 429; 503 without Replicate.
 */
export async function submitListing(ctx: Ctx, { terms, token }: SubmitListing): Promise<Listing> {
  const sellerId = requireVerifiedUser(ctx);
  refuseBrokenTerms(terms, await currentPolicy(ctx), ctx.now);
  const account = await checkToken(ctx, token);
  return atomic(ctx, async (tx) => {
    const listingId = newId('listing', tx.now);
    const seller = sellerFacts(await lockSellerProfile(tx, sellerId));
    const providerAccountId = await claimProviderAccount(tx, { sellerId, provider: 'replicate', account, listingId });
    const secretId = await sealToken(tx, listingId, token);
    await recordTermsAcceptance(tx, sellerId, 'listing');
    return createListing(tx, { listingId, terms, providerAccountId, secretId, seller });
  });
}

/**
 * A rejected listing goes back to review with new terms, on the token that is sealed already, which is checked again.
 * @throws DomainError 404, 409, 422 beside the field that is wrong.
 */
export async function resubmitRejected(
  ctx: Ctx,
  input: { listingId: ListingId; terms: ListingTerms; note?: string | undefined },
): Promise<Listing> {
  const sellerId = requireVerifiedUser(ctx);
  const token = await openOwnToken(ctx, input.listingId);
  refuseBrokenTerms(input.terms, await currentPolicy(ctx), ctx.now);
  await checkSealedToken(ctx, token);
  return atomic(ctx, async (tx) => {
    const profile = await lockSellerProfile(tx, sellerId);
    return resubmitListing(tx, { ...input, seasoned: profile.seasonedAt !== null });
  });
}

/** Asks Replicate whose token the sealed one is. The form has no token field, so errors appear above the form. */
export async function checkSealedToken(ctx: Ctx, token: string): Promise<ReplicateAccount> {
  return checkToken(ctx, token).catch(refuseOnTheForm);
}

function refuseOnTheForm(error: unknown): never {
  if (!(error instanceof DomainError) || error.detail.field !== 'token') throw error;
  if (error.status !== 422) throw new DomainError(error.code, error.message, error.status);
  throw new DomainError(error.code, 'Replicate refuses the sealed token. Replace it below, then send this again.', 422);
}

function sellerFacts(profile: SellerProfile): SellerFacts {
  return {
    publicName: profile.publicName,
    since: profile.createdAt,
    burnedNano: profile.burnedNano,
    failedLots: profile.failedLots,
    seasonedAt: profile.seasonedAt,
  };
}
