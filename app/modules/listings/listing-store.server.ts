import { and, eq, inArray } from 'drizzle-orm';
import { listingReviews, listings, priceChanges } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { conflict, notFound } from '~/platform/errors';
import { isId, newId, type ListingId, type UserId } from '~/platform/ids';
import type { NamedLot } from '~/platform/lot-name';
import { nextState } from '~/platform/transitions';
import { listingTransitions, type ListingRole, type ListingStep } from './listing-machine';
import type { ReviewedStep } from './review-words';

export type Listing = typeof listings.$inferSelect;
type ListingChanges = Partial<Omit<typeof listings.$inferInsert, 'id' | 'sellerId' | 'state'>>;

/** The listing's seller, which never changes. @throws DomainError 404. */
export async function findSellerId(ctx: Ctx, listingId: ListingId): Promise<UserId> {
  const [row] = await ctx.db.select({ sellerId: listings.sellerId }).from(listings).where(eq(listings.id, listingId));
  if (!row) throw notFound('listing');
  return row.sellerId;
}

/** What people call a lot by, for mails of other modules. @throws DomainError 404. */
export async function findNamedLot(ctx: Ctx, listingId: ListingId): Promise<NamedLot> {
  const { faceNano, discountBps, creditExpiresAt } = listings;
  const [lot] = await ctx.db.select({ faceNano, discountBps, creditExpiresAt }).from(listings).where(eq(listings.id, listingId));
  if (!lot) throw notFound('listing');
  return lot;
}

/** A listing under lock, for a command. @throws DomainError 404. */
export async function lockListing(tx: Ctx, listingId: ListingId): Promise<Listing> {
  const [row] = isId('listing', listingId) ? await tx.db.select().from(listings).where(eq(listings.id, listingId)).for('update') : [];
  if (!row) throw notFound('listing');
  return row;
}

/** The seller's own listing under lock. @throws DomainError 404 for another seller's. */
export async function lockOwnListing(tx: Ctx, sellerId: UserId, listingId: ListingId): Promise<Listing> {
  const listing = await lockListing(tx, listingId);
  if (listing.sellerId !== sellerId) throw notFound('listing');
  return listing;
}

/** Takes one step of the machine by compare-and-set. @throws DomainError 409 when the state closes the step. */
export async function takeStep(
  tx: Ctx,
  listing: Listing,
  step: ListingStep,
  role: ListingRole,
  changes: ListingChanges = {},
): Promise<Listing> {
  const state = nextState(listingTransitions, step, listing.state, role);
  const [row] = await tx.db
    .update(listings)
    .set({ ...changes, state, updatedAt: tx.now })
    .where(and(eq(listings.id, listing.id), inArray(listings.state, [...listingTransitions[step].from])))
    .returning();
  if (!row) throw movedOn(listing);
  return row;
}

/** Changes columns other than the state. */
export async function changeListing(tx: Ctx, listing: Listing, changes: ListingChanges): Promise<Listing> {
  const [row] = await tx.db
    .update(listings)
    .set({ ...changes, updatedAt: tx.now })
    .where(and(eq(listings.id, listing.id), eq(listings.state, listing.state)))
    .returning();
  if (!row) throw movedOn(listing);
  return row;
}

function movedOn(listing: Listing) {
  return conflict('wrong_state', `This listing is no longer “${listing.state.replaceAll('_', ' ')}”. Reload to see where it stands.`);
}

/** What changes when selling ends: everything available becomes withdrawn, and no raise waits any more. Under the listing's lock. */
export function unsoldWithdrawn(listing: Listing): Pick<Listing, 'availableNano' | 'withdrawnNano' | 'raiseToNano'> {
  return { availableNano: 0n, withdrawnNano: listing.withdrawnNano + listing.availableNano, raiseToNano: null };
}

export interface ReviewEntry {
  step: ReviewedStep;
  actorId: UserId | null;
  reasonCode?: string | null | undefined;
  note?: string | null | undefined;
}

/** Records a decision or an answer. */
export async function recordReview(tx: Ctx, listingId: ListingId, entry: ReviewEntry): Promise<void> {
  await tx.db.insert(listingReviews).values({
    id: newId('review', tx.now),
    listingId,
    actorId: entry.actorId,
    step: entry.step,
    reasonCode: entry.reasonCode ?? null,
    note: entry.note ?? null,
    createdAt: tx.now,
  });
}

export async function recordPriceChange(tx: Ctx, listingId: ListingId, fromBps: number, toBps: number): Promise<void> {
  await tx.db.insert(priceChanges).values({ id: newId('event', tx.now), listingId, fromBps, toBps, createdAt: tx.now });
}
