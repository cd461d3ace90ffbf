import { recordAudit } from '~/modules/audit/index.server';
import { currentPolicy, type Policy } from '~/modules/policy/index.server';
import { atomic, requireAdmin, requireVerifiedUser, type Ctx } from '~/platform/context';
import { conflict, invalid } from '~/platform/errors';
import type { ListingId } from '~/platform/ids';
import { centsToNano, formatNano } from '~/platform/money';
import { canTake } from '~/platform/transitions';
import { lockedOnSale } from './create-listing.server';
import { refuseOwn } from './decide-listing.server';
import { sellingListingStates } from './listing-machine';
import { changeListing, lockListing, lockOwnListing, recordReview, type Listing } from './listing-store.server';
import { maxFaceNano } from './listing-terms';
import { newSellerRoom, raiseCap } from './new-seller-cap';
import { raiseState, raiseTransitions, type RaiseStep } from './raise-machine';
import type { ReviewReason } from './review-reasons';
import type { ReviewedStep } from './review-words';

/**
 * The seller requests a higher face value (nano-USD). The increase waits for an admin; the lot stays on sale. Part of the workflow
 * raise-face-value, which checks the account at Replicate first. `seasoned`: without the cap for new sellers.
 * @throws DomainError 404, 409 while it is not selling, a check is open or a raise waits already, 422 beside `raiseTo`.
 */
export async function askRaise(ctx: Ctx, input: { listingId: ListingId; toNano: bigint; seasoned: boolean }): Promise<Listing> {
  const sellerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    const policy = await currentPolicy(tx);
    const before = await lockOwnListing(tx, sellerId, input.listingId);
    refuseStep(before, 'ask_raise', 'seller');
    refuseUnlessSelling(before);
    const { addedNano } = raised(before, input.toNano, policy);
    if (!input.seasoned) {
      const room = newSellerRoom(await lockedOnSale(tx, sellerId), policy.rules);
      if (addedNano > room.leftNano) throw invalid('raiseTo', raiseCap(room, before.faceNano), 'new_seller_cap');
    }
    const listing = await changeListing(tx, before, { raiseToNano: input.toNano, submittedAt: tx.now });
    await record(tx, listing, 'ask_raise', { from: before.faceNano, to: input.toNano, actorId: sellerId });
    return listing;
  });
}

/** The seller cancels the requested raise. @throws DomainError 404, 409 when none waits. */
export async function takeBackRaise(ctx: Ctx, listingId: ListingId): Promise<Listing> {
  const sellerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    const before = await lockOwnListing(tx, sellerId, listingId);
    const to = waitingRaise(before, 'take_back_raise', 'seller');
    const listing = await changeListing(tx, before, { raiseToNano: null });
    await record(tx, listing, 'take_back_raise', { from: before.faceNano, to, actorId: sellerId });
    return listing;
  });
}

interface RaiseDecision {
  listingId: ListingId;
  /** The raise that the admin saw; one changed meanwhile is refused. */
  toNano: bigint;
  note?: string | undefined;
}

/**
 * An admin lets the increase onto the market, less what the tail guard of today keeps back.
 * @throws DomainError 404, 403 on an own listing, 409 when it was decided or changed, or the lot sells no more.
 */
export async function approveRaise(ctx: Ctx, input: RaiseDecision): Promise<Listing> {
  const adminId = requireAdmin(ctx);
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, input.listingId);
    refuseOwn(before, adminId);
    const to = shownRaise(before, 'approve_raise', input.toNano);
    refuseUnlessSelling(before);
    const { addedNano, ...columns } = raised(before, to, await currentPolicy(tx));
    const quantity = { ...columns, availableNano: before.availableNano + addedNano };
    const listing = await changeListing(tx, before, { ...quantity, raiseToNano: null });
    await record(tx, listing, 'approve_raise', { from: before.faceNano, to, actorId: adminId, note: input.note });
    return listing;
  });
}

/** An admin rejects the increase; the lot stays on sale. @throws DomainError as `approveRaise`. */
export async function rejectRaise(ctx: Ctx, input: RaiseDecision & { reasonCode: ReviewReason }): Promise<Listing> {
  const adminId = requireAdmin(ctx);
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, input.listingId);
    refuseOwn(before, adminId);
    const to = shownRaise(before, 'reject_raise', input.toNano);
    const listing = await changeListing(tx, before, { raiseToNano: null });
    const entry = { actorId: adminId, note: input.note, reasonCode: input.reasonCode };
    await record(tx, listing, 'reject_raise', { from: before.faceNano, to, ...entry });
    return listing;
  });
}

/** The quantities after a raise. The tail is today's tail guard, or the earlier tail if that is larger. */
function raised(listing: Listing, toNano: bigint, { rules }: Policy) {
  const guard = centsToNano(BigInt(rules.tailGuardCents));
  const tailNano = guard > listing.tailNano ? guard : listing.tailNano;
  const addedNano = toNano - tailNano - listing.listedNano;
  if (toNano > maxFaceNano) throw invalid('raiseTo', `One listing holds up to ${formatNano(maxFaceNano)}.`);
  if (addedNano <= 0n)
    throw invalid('raiseTo', `Enter more than ${formatNano(listing.listedNano + tailNano)}, which is what this listing holds now.`);
  return { faceNano: toNano, tailNano, listedNano: toNano - tailNano, addedNano };
}

function refuseUnlessSelling(listing: Listing): void {
  if ((sellingListingStates as readonly string[]).includes(listing.state) && !listing.mendUntilAt) return;
  throw conflict('not_selling', 'The face value can be raised while the listing is active or paused and no check of it has failed.');
}

function waitingRaise(listing: Listing, step: RaiseStep, role: 'seller' | 'admin'): bigint {
  refuseStep(listing, step, role);
  return listing.raiseToNano ?? 0n;
}

function shownRaise(listing: Listing, step: RaiseStep, shownNano: bigint): bigint {
  const to = waitingRaise(listing, step, 'admin');
  if (to !== shownNano) throw conflict('raise_changed', `The seller asks for ${formatNano(to)} now. Look at it again before you decide.`);
  return to;
}

function refuseStep(listing: Listing, step: RaiseStep, role: 'seller' | 'admin'): void {
  if (canTake(raiseTransitions, step, raiseState(listing), role)) return;
  if (step === 'ask_raise')
    throw conflict('raise_waits', `A raise to ${formatNano(listing.raiseToNano ?? 0n)} waits for review. Take it back to ask for another.`);
  throw conflict('already_decided', 'No raise of this listing waits: it was decided or taken back.');
}

async function record(
  tx: Ctx,
  listing: Listing,
  step: ReviewedStep & RaiseStep,
  { from, to, ...entry }: { from: bigint; to: bigint } & Omit<Parameters<typeof recordReview>[2], 'step'>,
): Promise<void> {
  const change = `${formatNano(from)} to ${formatNano(to)}`;
  // The seller reads this. A note with an approval is for the audit log alone.
  await recordReview(tx, listing.id, {
    ...entry,
    step,
    note: entry.note && step !== 'approve_raise' ? `${change}. ${entry.note}` : change,
  });
  await recordAudit(tx, `listing.${step}`, listing.id, {
    from: formatNano(from),
    to: formatNano(to),
    ...(entry.reasonCode ? { reason: entry.reasonCode } : {}),
    ...(entry.note ? { note: entry.note } : {}),
  });
}
