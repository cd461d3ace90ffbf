import { and, asc, eq, inArray, lte } from 'drizzle-orm';
import { probes } from '~db/schema';
import { atomic, requireVerifiedUser, type Ctx } from '~/platform/context';
import { addMs } from '~/platform/dates';
import { conflict } from '~/platform/errors';
import { newId, type ListingId } from '~/platform/ids';
import { limit } from '~/platform/rate-limit.server';
import { lockOwnListing, type Listing } from './listing-store.server';
import { probeTransitions } from './probe-machine';

export type Probe = typeof probes.$inferSelect;
type ProbeStep = keyof typeof probeTransitions;

/** A claim lasts longer than a call to Replicate; after a crash another process takes the probe. */
const CLAIM_MS = 60_000;

/** Orders a probe with the lot's token at `nextAt`, unless one is waiting or running. */
export async function orderProbe(tx: Ctx, listing: Pick<Listing, 'id' | 'sellerId'>, nextAt: Date): Promise<void> {
  await tx.db
    .insert(probes)
    .values({ sellerId: listing.sellerId, id: newId('probe', tx.now), listingId: listing.id, state: 'waiting', nextAt, createdAt: tx.now })
    .onConflictDoNothing();
}

/**
 * The seller has topped the account up and asks to look again. @throws DomainError 404 for anyone else's listing, 409 when nothing is
 * doubted, 429.
 */
export async function askForProbe(ctx: Ctx, listingId: ListingId): Promise<void> {
  const sellerId = requireVerifiedUser(ctx);
  await atomic(ctx, async (tx) => {
    const listing = await lockOwnListing(tx, sellerId, listingId);
    if (!listing.creditDoubtedAt) throw conflict('not_doubted', 'The credit of this lot is not in doubt: there is nothing to check again.');
    await limit(ctx, 'token_check', sellerId);
    await orderProbe(tx, listing, tx.now);
  });
}

/** Claims up to `count` due probes for a minute. */
export async function claimProbes(ctx: Ctx, count: number): Promise<Probe[]> {
  const due = ctx.db
    .select({ id: probes.id })
    .from(probes)
    .where(and(inArray(probes.state, ['waiting', 'running']), lte(probes.nextAt, ctx.now)))
    .orderBy(asc(probes.nextAt))
    .limit(count)
    .for('update', { skipLocked: true });
  return ctx.db
    .update(probes)
    .set({ nextAt: addMs(ctx.now, CLAIM_MS) })
    .where(inArray(probes.id, due))
    .returning();
}

/** Takes one step of the probe by compare-and-set; false when another process was faster. */
export async function moveProbe(tx: Ctx, probe: Probe, step: ProbeStep, facts: Partial<Probe> = {}): Promise<boolean> {
  const { from, to } = probeTransitions[step];
  const ended = to === 'waiting' || to === 'running' ? {} : { endedAt: tx.now };
  const rows = await tx.db
    .update(probes)
    .set({ ...facts, ...ended, state: to })
    .where(and(eq(probes.sellerId, probe.sellerId), eq(probes.id, probe.id), inArray(probes.state, [...from])))
    .returning({ id: probes.id });
  return rows.length === 1;
}

/** Which of these predictions are our probes. */
export async function probesAmong(ctx: Ctx, predictionIds: readonly string[]): Promise<Set<string>> {
  if (predictionIds.length === 0) return new Set();
  const rows = await ctx.db
    .select({ predictionId: probes.predictionId })
    .from(probes)
    .where(inArray(probes.predictionId, [...predictionIds]));
  return new Set(rows.flatMap((row) => row.predictionId ?? []));
}
