import { and, asc, eq, inArray, notExists, sql } from 'drizzle-orm';
import { sellerProfiles, users } from '~db/schema';
import { currentPolicy } from '~/modules/policy/index.server';
import type { Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import type { UserId } from '~/platform/ids';
import { centsToNano } from '~/platform/money';

export type SellerProfile = typeof sellerProfiles.$inferSelect;

/**
 * The seller's public profile, locked until the block ends, so that copies of it on listings stay true. Created on first use, with the
 * account's name.
 */
export async function lockSellerProfile(tx: Ctx, userId: UserId): Promise<SellerProfile> {
  await makeProfiles(tx, [userId]);
  const [profile] = await tx.db.select().from(sellerProfiles).where(eq(sellerProfiles.userId, userId)).for('no key update');
  invariant(profile, 'a seller is a user');
  return profile;
}

/** Locks the profiles of these sellers, skipping locked ones. Returns the ids of the locked ones. */
export async function takeFreeProfiles(tx: Ctx, userIds: readonly UserId[]): Promise<UserId[]> {
  await makeProfiles(tx, userIds);
  const rows = await tx.db
    .select({ userId: sellerProfiles.userId })
    .from(sellerProfiles)
    .where(inArray(sellerProfiles.userId, [...userIds]))
    .orderBy(asc(sellerProfiles.userId))
    .for('no key update', { skipLocked: true });
  return rows.map((row) => row.userId);
}

async function makeProfiles(tx: Ctx, userIds: readonly UserId[]): Promise<void> {
  const known = tx.db.select({ userId: sellerProfiles.userId }).from(sellerProfiles).where(eq(sellerProfiles.userId, users.id));
  const missing = await tx.db
    .select({ userId: users.id, publicName: users.name, createdAt: users.createdAt })
    .from(users)
    .where(and(inArray(users.id, [...userIds]), notExists(known)));
  if (missing.length > 0) await tx.db.insert(sellerProfiles).values(missing).onConflictDoNothing();
}

/**
 * Counts credit (nano-USD) burned on a seller's lots. Past the policy's sum the seller is seasoned, from that time on (docs/design.md#rules-of-the-market).
 * Returns the profile with the new total.
 */
export async function addSellerBurn(tx: Ctx, userId: UserId, burnedNano: bigint): Promise<SellerProfile> {
  await lockSellerProfile(tx, userId);
  const { rules } = await currentPolicy(tx);
  const threshold = centsToNano(BigInt(rules.seasonedAfterBurnedCents));
  const total = sql`${sellerProfiles.burnedNano} + ${burnedNano.toString()}::bigint`;
  const at = tx.now.toISOString();
  const [profile] = await tx.db
    .update(sellerProfiles)
    .set({
      burnedNano: total,
      seasonedAt: sql`coalesce(${sellerProfiles.seasonedAt}, case when ${total} >= ${threshold.toString()}::bigint then ${at}::timestamptz end)`,
    })
    .where(eq(sellerProfiles.userId, userId))
    .returning();
  invariant(profile, 'the profile was just made');
  return profile;
}

/** Counts a failed lot, and resets the credit burned without a failure to zero. */
export async function addSellerFailure(tx: Ctx, userId: UserId): Promise<void> {
  await lockSellerProfile(tx, userId);
  await tx.db
    .update(sellerProfiles)
    .set({ failedLots: sql`${sellerProfiles.failedLots} + 1`, burnedNano: sql`0`, seasonedAt: null })
    .where(eq(sellerProfiles.userId, userId));
}
