import { eq, sql } from 'drizzle-orm';
import { passwordHashes, users } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { UserId } from '~/platform/ids';

export type User = typeof users.$inferSelect;

/** Serializes commands about one address, whether or not it has a row yet. */
export async function lockAddress(tx: Ctx, email: string): Promise<void> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('accounts'), hashtext(${email}))`);
}

export async function findUserByEmail(ctx: Ctx, email: string): Promise<User | null> {
  const [user] = await ctx.db.select().from(users).where(eq(users.email, email));
  return user ?? null;
}

export async function findUser(ctx: Ctx, userId: UserId): Promise<User | null> {
  const [user] = await ctx.db.select().from(users).where(eq(users.id, userId));
  return user ?? null;
}

/** A user with the hash of the password; both null for an unknown address. */
export async function findCredentials(ctx: Ctx, email: string): Promise<{ user: User | null; hash: string | null }> {
  const [row] = await ctx.db
    .select({ user: users, hash: passwordHashes.hash })
    .from(users)
    .leftJoin(passwordHashes, eq(passwordHashes.userId, users.id))
    .where(eq(users.email, email));
  return row ?? { user: null, hash: null };
}

export async function insertUser(
  tx: Ctx,
  user: Pick<User, 'id' | 'email' | 'name'> & Partial<Pick<User, 'role' | 'verifiedAt'>>,
): Promise<void> {
  await tx.db.insert(users).values({ ...user, createdAt: tx.now });
}

export async function updateUser(
  tx: Ctx,
  userId: UserId,
  change: Partial<Pick<User, 'name' | 'role' | 'verifiedAt' | 'suspendedAt'>>,
): Promise<void> {
  await tx.db.update(users).set(change).where(eq(users.id, userId));
}

export async function savePasswordHash(tx: Ctx, userId: UserId, hash: string): Promise<void> {
  await tx.db
    .insert(passwordHashes)
    .values({ userId, hash, changedAt: tx.now })
    .onConflictDoUpdate({ target: passwordHashes.userId, set: { hash, changedAt: tx.now } });
}
