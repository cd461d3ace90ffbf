import {
  approveListing,
  approveRaise,
  askForMore,
  reinstateListing,
  rejectListing,
  rejectRaise,
  suspendListing,
  takeBackQuestion,
  type Listing,
} from '~/modules/listings/index.server';
import { type ListingDecision } from '~/modules/listings/review-forms';
import { reviewReasons } from '~/modules/listings/review-reasons';
import { notifyUser } from '~/modules/notifications/index.server';
import {
  listingApprovedMail,
  listingQuestionMail,
  listingQuestionTakenBackMail,
  listingReinstatedMail,
  listingRejectedMail,
  listingSuspendedMail,
  raiseApprovedMail,
  raiseRejectedMail,
} from '~/modules/notifications/mails/listings';
import { currentPolicy } from '~/modules/policy/index.server';
import { paths } from '~/paths';
import { atomic, type Ctx } from '~/platform/context';
import type { ListingId } from '~/platform/ids';

/**
 * An admin decides on a listing, and the seller is mailed in the same block.
 * @throws DomainError 404 for anyone else, 403 on an own listing, 409 when another admin was faster.
 */
export async function decideListing(ctx: Ctx, listingId: ListingId, decision: ListingDecision): Promise<Listing> {
  return atomic(ctx, async (tx) => {
    const { listing, mail } = await apply(tx, listingId, decision);
    await notifyUser(tx, listing.sellerId, mail);
    return listing;
  });
}

async function apply(tx: Ctx, listingId: ListingId, decision: ListingDecision) {
  const url = `${tx.config.publicUrl}${paths.sellListing(listingId)}`;
  const { idleDays } = (await currentPolicy(tx)).rules;
  switch (decision.intent) {
    case 'approve': {
      const listing = await approveListing(tx, { listingId, note: decision.note });
      return { listing, mail: listingApprovedMail({ listing, url }) };
    }
    case 'ask': {
      const listing = await askForMore(tx, { listingId, note: decision.note, reasonCode: decision.reasonCode });
      return { listing, mail: listingQuestionMail({ listing, question: decision.note, idleDays, url }) };
    }
    case 'take_back': {
      const listing = await takeBackQuestion(tx, { listingId });
      return { listing, mail: listingQuestionTakenBackMail({ listing, url }) };
    }
    case 'reject': {
      const listing = await rejectListing(tx, { listingId, note: decision.note, reasonCode: decision.reasonCode });
      return {
        listing,
        mail: listingRejectedMail({ listing, reason: reviewReasons[decision.reasonCode], note: decision.note, idleDays, url }),
      };
    }
    case 'approve_raise': {
      const listing = await approveRaise(tx, { listingId, toNano: decision.raiseTo, note: decision.note });
      return { listing, mail: raiseApprovedMail({ listing, url }) };
    }
    case 'reject_raise': {
      const { reasonCode, note } = decision;
      const listing = await rejectRaise(tx, { listingId, toNano: decision.raiseTo, reasonCode, note });
      return { listing, mail: raiseRejectedMail({ listing, toNano: decision.raiseTo, reason: reviewReasons[reasonCode], note, url }) };
    }
    case 'suspend': {
      const listing = await suspendListing(tx, { listingId, note: decision.note });
      return { listing, mail: listingSuspendedMail({ listing, note: decision.note, url }) };
    }
    case 'reinstate': {
      const listing = await reinstateListing(tx, { listingId, note: decision.note });
      return { listing, mail: listingReinstatedMail({ listing, paused: listing.state === 'paused', url }) };
    }
  }
}
