import { and, asc, eq, isNotNull, lte } from 'drizzle-orm';
import { attestations, listings } from '~db/schema';
import { recordAudit } from '~/modules/audit/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { addMs, DAY_MS, HOUR_MS } from '~/platform/dates';
import { newId, type ListingId } from '~/platform/ids';
import { isFinal } from './listing-machine';
import { changeListing, lockListing, takeStep, unsoldWithdrawn, type Listing } from './listing-store.server';

/** A lot that lacks credit again within this time after its first deadline keeps that deadline. */
const CREDIT_RECORD_MS = 7 * DAY_MS;

export interface FailedCheck {
  /** A sentence for the seller. */
  reason: string;
  mendHours: number;
  /** Replicate refused for want of credit: then only a run that succeeds mends the lot. */
  creditLacks: boolean;
}

/**
 * Records a failed check: pauses an active listing and gives the seller some hours to mend it. An ended listing keeps its state, since
 * buyers may still burn it. `opened` is false if a check is open already or the lot has failed. A repeated lack of credit keeps the first
 * deadline, even a past one.
 */
export async function pauseForCheck(ctx: Ctx, listingId: ListingId, failed: FailedCheck): Promise<{ listing: Listing; opened: boolean }> {
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, listingId);
    if (before.state === 'failed') return { listing: before, opened: false };
    const mendUntilAt = before.mendUntilAt ?? mendDeadline(before, failed, tx.now);
    const credit = failed.creditLacks ? { creditDoubtedAt: tx.now, creditMendUntilAt: mendUntilAt } : {};
    if (before.mendUntilAt) return { listing: await changeListing(tx, before, credit), opened: false };
    const facts = { ...credit, stateReason: failed.reason, mendUntilAt };
    const pause = { ...facts, pausedBy: before.pausedBy ?? 'system', pausedAt: before.pausedAt ?? tx.now } as const;
    const listing =
      before.state === 'active'
        ? await takeStep(tx, before, 'pause', 'system', pause)
        : await changeListing(tx, before, isFinal(before.state) ? facts : pause);
    await recordAttestation(tx, listingId, 'token', false, failed.reason);
    await recordAudit(tx, 'listing.check_failed', listingId, { reason: failed.reason });
    return { listing, opened: true };
  });
}

function mendDeadline({ creditMendUntilAt: first }: Listing, { creditLacks, mendHours }: FailedCheck, now: Date): Date {
  const repeats = creditLacks && first !== null && addMs(first, CREDIT_RECORD_MS) > now;
  return repeats ? first : addMs(now, mendHours * HOUR_MS);
}

/** Marks a lot's credit as in doubt, after a hint of Replicate. Null if it is in doubt already or the lot has failed. */
export async function doubtCredit(ctx: Ctx, listingId: ListingId): Promise<Listing | null> {
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, listingId);
    if (before.state === 'failed' || before.creditDoubtedAt) return null;
    return changeListing(tx, before, { creditDoubtedAt: tx.now });
  });
}

/** Ends the doubt about a lot's credit after a successful run with its token. */
export async function trustCredit(ctx: Ctx, listingId: ListingId): Promise<void> {
  await atomic(ctx, async (tx) => {
    await changeListing(tx, await lockListing(tx, listingId), { creditDoubtedAt: null });
    await recordAttestation(tx, listingId, 'run', true, 'A small run succeeded');
  });
}

/** Whether unburned money of this lot may go to its seller: not while its credit is in doubt. Locks the listing. */
export async function isCreditTrusted(tx: Ctx, listingId: ListingId): Promise<boolean> {
  return (await lockListing(tx, listingId)).creditDoubtedAt === null;
}

/**
 * Ends the system's pause after a passed check; the seller's own pause stays. Null if no check is open, its time to mend is over (the lot
 * fails then), or the lot's credit is in doubt.
 */
export async function liftPause(ctx: Ctx, listingId: ListingId): Promise<Listing | null> {
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, listingId);
    if (!before.mendUntilAt || before.mendUntilAt <= tx.now || before.creditDoubtedAt) return null;
    const bySystem = before.pausedBy === 'system';
    const facts = { mendUntilAt: null, stateReason: null, ...(bySystem ? { pausedBy: null, pausedAt: null } : {}) };
    const resumes = before.state === 'paused' && bySystem;
    const listing = resumes ? await takeStep(tx, before, 'resume', 'system', facts) : await changeListing(tx, before, facts);
    await recordAttestation(tx, listingId, 'token', true, 'Token valid');
    await recordAudit(tx, 'listing.check_passed', listingId);
    return listing;
  });
}

/**
 * Fails a listing and closes its check. A listing that had ended keeps its state. Null if it failed before or no check is open.
 */
export async function failListing(ctx: Ctx, listingId: ListingId, reason: string): Promise<Listing | null> {
  return atomic(ctx, async (tx) => {
    const before = await lockListing(tx, listingId);
    if (before.state === 'failed' || !before.mendUntilAt) return null;
    const listing = isFinal(before.state)
      ? await changeListing(tx, before, { mendUntilAt: null, creditDoubtedAt: null, stateReason: reason })
      : await takeStep(tx, before, 'fail', 'system', {
          ...unsoldWithdrawn(before),
          mendUntilAt: null,
          creditDoubtedAt: null,
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

async function recordAttestation(tx: Ctx, listingId: ListingId, kind: 'token' | 'run', passed: boolean, finding: string): Promise<void> {
  await tx.db
    .insert(attestations)
    .values({ id: newId('attestation', tx.now), listingId, kind, passed: passed ? 1 : 0, finding, createdAt: tx.now });
}
