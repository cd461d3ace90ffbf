import { eq, sql } from 'drizzle-orm';
import { sellerProfiles, users } from '~db/schema';
import { currentPolicy } from '~/modules/policy/index.server';
import type { Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import type { UserId } from '~/platform/ids';
import { centsToNano } from '~/platform/money';

export type SellerProfile = typeof sellerProfiles.$inferSelect;

/** What the market shows of a seller; made when it is first needed, under the account's name. */
export async function sellerProfileOf(tx: Ctx, userId: UserId): Promise<SellerProfile> {
  const [user] = await tx.db.select({ name: users.name, createdAt: users.createdAt }).from(users).where(eq(users.id, userId));
  invariant(user, 'a seller is a user');
  await tx.db.insert(sellerProfiles).values({ userId, publicName: user.name, createdAt: user.createdAt }).onConflictDoNothing();
  const [profile] = await tx.db.select().from(sellerProfiles).where(eq(sellerProfiles.userId, userId));
  invariant(profile, 'the profile was just made');
  return profile;
}

/**
 * Counts credit (nano-USD) burned on a seller's lots. Past the policy's sum the seller is seasoned, from that time on (design.md §5).
 * Returns the new total.
 */
export async function addSellerBurn(tx: Ctx, userId: UserId, burnedNano: bigint): Promise<SellerProfile> {
  const counted = await countBurn(tx, userId, burnedNano);
  if (counted) return counted;
  await sellerProfileOf(tx, userId);
  const profile = await countBurn(tx, userId, burnedNano);
  invariant(profile, 'a profile was updated');
  return profile;
}

async function countBurn(tx: Ctx, userId: UserId, burnedNano: bigint): Promise<SellerProfile | undefined> {
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
  return profile;
}

/** A lot of this seller failed: what was burned without a failure starts again from nothing. */
export async function addSellerFailure(tx: Ctx, userId: UserId): Promise<void> {
  await sellerProfileOf(tx, userId);
  await tx.db
    .update(sellerProfiles)
    .set({ failedLots: sql`${sellerProfiles.failedLots} + 1`, burnedNano: sql`0`, seasonedAt: null })
    .where(eq(sellerProfiles.userId, userId));
}
