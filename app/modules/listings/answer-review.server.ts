import { z } from 'zod';
import { recordAudit } from '~/modules/audit/index.server';
import { currentPolicy } from '~/modules/policy/index.server';
import { atomic, requireVerifiedUser, type Ctx } from '~/platform/context';
import { idSchema, type ListingId } from '~/platform/ids';
import { formatNano } from '~/platform/money';
import { refuseAboveNewSellersCap, refuseBrokenTerms, termsColumns } from './create-listing.server';
import { lockOwnListing, recordPriceChange, recordReview, takeStep, type Listing } from './listing-store.server';
import type { ListingTerms } from './listing-terms';
import { AnswerText } from './review-forms';

export const AnswerReviewInput = z.object({ listingId: idSchema('listing'), answer: AnswerText });

/** The seller answers an admin's question; the listing waits in the queue again. @throws DomainError 404, 409 when nothing was asked. */
export async function answerReview(ctx: Ctx, input: z.input<typeof AnswerReviewInput>): Promise<Listing> {
  const { listingId, answer } = AnswerReviewInput.parse(input);
  const sellerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    const listing = await takeStep(tx, await lockOwnListing(tx, sellerId, listingId), 'answer', 'seller', { submittedAt: tx.now });
    await recordReview(tx, listingId, { step: 'answer', actorId: sellerId, note: answer });
    await recordAudit(tx, 'listing.answered', listingId);
    return listing;
  });
}

/**
 * A rejected listing returns to review with new terms. None of it was ever sold, so its quantity is replaced.
 * @throws DomainError 404, 409, 422 beside the field whose rule is broken.
 */
export async function resubmitListing(
  ctx: Ctx,
  input: { listingId: ListingId; terms: ListingTerms; seasoned: boolean; note?: string | undefined },
): Promise<Listing> {
  const sellerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    const policy = await currentPolicy(tx);
    refuseBrokenTerms(input.terms, policy, tx.now);
    const before = await lockOwnListing(tx, sellerId, input.listingId);
    await refuseAboveNewSellersCap(tx, sellerId, input.terms, input.seasoned, policy, before.id);
    const changed = before.discountBps !== input.terms.discountBps;
    const listing = await takeStep(tx, before, 'submit', 'seller', {
      ...termsColumns(input.terms, policy),
      withdrawnNano: 0n,
      priceVersion: before.priceVersion + (changed ? 1 : 0),
      submittedAt: tx.now,
    });
    if (changed) await recordPriceChange(tx, listing.id, before.discountBps, listing.discountBps);
    await recordReview(tx, listing.id, { step: 'submit', actorId: sellerId, note: input.note });
    await recordAudit(tx, 'listing.resubmitted', listing.id, {
      face: formatNano(listing.faceNano),
      discountBps: String(listing.discountBps),
    });
    return listing;
  });
}
