import { recordAudit } from '~/modules/audit/index.server';
import { atomic, requireAdmin, type Ctx } from '~/platform/context';
import { conflict, DomainError } from '~/platform/errors';
import type { ListingId, UserId } from '~/platform/ids';
import { canTake } from '~/platform/transitions';
import { listingTransitions, type ListingStep } from './listing-machine';
import { lockListing, recordReview, takeStep, type Listing } from './listing-store.server';
import type { ReviewReason } from './review-reasons';

interface Decision {
  listingId: ListingId;
  note?: string | undefined;
}

/** An admin lets a listing onto the market. */
export async function approveListing(ctx: Ctx, { listingId, note }: Decision): Promise<Listing> {
  return decide(ctx, listingId, 'approve', { note }, (listing, tx) => ({ publishedAt: listing.publishedAt ?? tx.now }));
}

/** An admin asks the seller a question before deciding. */
export async function askForMore(
  ctx: Ctx,
  { listingId, note, reasonCode }: Decision & { note: string; reasonCode?: string | undefined },
): Promise<Listing> {
  return decide(ctx, listingId, 'ask', { note, reasonCode });
}

/** An admin withdraws a question: the listing returns to its place in the queue. */
export async function takeBackQuestion(ctx: Ctx, { listingId }: Decision): Promise<Listing> {
  return decide(ctx, listingId, 'take_back', {});
}

/** An admin refuses a listing, with a code for the record and words for the seller, who may change it and submit again. */
export async function rejectListing(
  ctx: Ctx,
  { listingId, note, reasonCode }: Decision & { note: string; reasonCode: ReviewReason },
): Promise<Listing> {
  return decide(ctx, listingId, 'reject', { note, reasonCode });
}

/** An admin takes a listing off the market. Selling stops at once; buyers' grants keep working. */
export async function suspendListing(ctx: Ctx, { listingId, note }: Decision & { note: string }): Promise<Listing> {
  return decide(ctx, listingId, 'suspend', { note }, () => ({ stateReason: note }));
}

/** An admin reinstates a suspended listing: on the market, or paused if it was paused. */
export async function reinstateListing(ctx: Ctx, { listingId, note }: Decision): Promise<Listing> {
  return decide(
    ctx,
    listingId,
    (listing) => (listing.pausedBy ? 'reinstate_paused' : 'reinstate'),
    { note },
    () => ({ stateReason: null }),
  );
}

type Step = Extract<ListingStep, 'approve' | 'ask' | 'take_back' | 'reject' | 'suspend' | 'reinstate' | 'reinstate_paused'>;

async function decide(
  ctx: Ctx,
  listingId: ListingId,
  which: Step | ((listing: Listing) => Step),
  entry: { note?: string | undefined; reasonCode?: string | undefined },
  changes: (listing: Listing, tx: Ctx) => Parameters<typeof takeStep>[4] = () => ({}),
): Promise<Listing> {
  const adminId = requireAdmin(ctx);
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, listingId);
    refuseOwn(before, adminId);
    const step = typeof which === 'string' ? which : which(before);
    refuseLate(before, step);
    const listing = await takeStep(tx, before, step, 'admin', changes(before, tx));
    await recordReview(tx, listingId, { step, actorId: adminId, ...entry });
    await recordAudit(tx, `listing.${step}`, listingId, {
      ...(entry.reasonCode ? { reason: entry.reasonCode } : {}),
      ...(entry.note ? { note: entry.note } : {}),
    });
    return listing;
  });
}

/** @throws DomainError 403: no admin decides on an own listing. */
export function refuseOwn(listing: Listing, adminId: UserId): void {
  if (listing.sellerId === adminId) throw new DomainError('own_listing', 'This is your own listing: another admin has to decide.', 403);
}

/** @throws DomainError 409 for the slower of two admins, with the listing's new state. */
function refuseLate(listing: Listing, step: Step): void {
  if (canTake(listingTransitions, step, listing.state, 'admin')) return;
  throw conflict('already_decided', `Somebody was faster: this listing is “${listing.state.replaceAll('_', ' ')}” now.`, {
    state: listing.state,
  });
}
