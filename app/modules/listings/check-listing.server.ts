import { and, asc, eq, isNotNull, lte } from 'drizzle-orm';
import { attestations, listings } from '~db/schema';
import { recordAudit } from '~/modules/audit/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { newId, type ListingId } from '~/platform/ids';
import { isFinal } from './listing-machine';
import { changeListing, lockListing, takeStep, unsoldWithdrawn, type Listing } from './listing-store.server';

/**
 * A check of the lot failed: an active listing pauses, and whatever its state the seller has until `mendUntilAt` to mend it. A listing
 * that sells no more keeps its state, because buyers may still burn it. Answers null if a check is open already (nothing changes).
 */
export async function pauseForCheck(ctx: Ctx, listingId: ListingId, reason: string, mendUntilAt: Date): Promise<Listing | null> {
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, listingId);
    if (before.mendUntilAt || before.state === 'failed') return null;
    const facts = { stateReason: reason, mendUntilAt };
    const pause = { ...facts, pausedBy: before.pausedBy ?? 'system', pausedAt: before.pausedAt ?? tx.now } as const;
    const listing =
      before.state === 'active'
        ? await takeStep(tx, before, 'pause', 'system', pause)
        : await changeListing(tx, before, isFinal(before.state) ? facts : pause);
    await recordAttestation(tx, listingId, false, reason);
    await recordAudit(tx, 'listing.check_failed', listingId, { reason });
    return listing;
  });
}

/**
 * A check passed: the pause by the system ends, the seller's own stays. Answers null if no check was open, or its time to mend is over:
 * then refunds may be under way, and the lot fails.
 */
export async function liftPause(ctx: Ctx, listingId: ListingId): Promise<Listing | null> {
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, listingId);
    if (!before.mendUntilAt || before.mendUntilAt <= tx.now) return null;
    const bySystem = before.pausedBy === 'system';
    const facts = { mendUntilAt: null, stateReason: null, ...(bySystem ? { pausedBy: null, pausedAt: null } : {}) };
    const resumes = before.state === 'paused' && bySystem;
    const listing = resumes ? await takeStep(tx, before, 'resume', 'system', facts) : await changeListing(tx, before, facts);
    await recordAttestation(tx, listingId, true, 'Token valid');
    await recordAudit(tx, 'listing.check_passed', listingId);
    return listing;
  });
}

/**
 * The lot is no longer trusted to deliver. A listing that has ended already keeps its state; its open check is closed. Answers null if it
 * had failed before, or no check is open.
 */
export async function failListing(ctx: Ctx, listingId: ListingId, reason: string): Promise<Listing | null> {
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, listingId);
    if (before.state === 'failed' || !before.mendUntilAt) return null;
    const listing = isFinal(before.state)
      ? await changeListing(tx, before, { mendUntilAt: null, stateReason: reason })
      : await takeStep(tx, before, 'fail', 'system', {
          ...unsoldWithdrawn(before),
          mendUntilAt: null,
          stateReason: reason,
          endedAt: tx.now,
        });
    await recordAudit(tx, 'listing.failed', listingId, { reason });
    return listing;
  });
}

/** Listings whose time to mend has passed, oldest first, for the sweep that fails them. */
export async function listingsPastMending(ctx: Ctx, limit = 50): Promise<ListingId[]> {
  const rows = await ctx.db
    .select({ id: listings.id })
    .from(listings)
    .where(and(isNotNull(listings.mendUntilAt), lte(listings.mendUntilAt, ctx.now)))
    .orderBy(asc(listings.mendUntilAt))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Whether a check of the listing is open and its time to mend is over. */
export async function isPastMending(ctx: Ctx, listingId: ListingId): Promise<boolean> {
  const [row] = await ctx.db.select({ until: listings.mendUntilAt }).from(listings).where(eq(listings.id, listingId));
  return row?.until != null && row.until <= ctx.now;
}

async function recordAttestation(tx: Ctx, listingId: ListingId, passed: boolean, finding: string): Promise<void> {
  await tx.db
    .insert(attestations)
    .values({ id: newId('attestation', tx.now), listingId, kind: 'token', passed: passed ? 1 : 0, finding, createdAt: tx.now });
}
