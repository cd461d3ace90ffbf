import { desc, eq } from 'drizzle-orm';
import { sellerProfiles, termsAcceptances, users } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import type { UserId } from '~/platform/ids';

/** The account page of the signed-in person. */
export async function findSettings(ctx: Ctx, userId: UserId) {
  const [account] = await ctx.db
    .select({
      email: users.email,
      name: users.name,
      verifiedAt: users.verifiedAt,
      createdAt: users.createdAt,
      publicName: sellerProfiles.publicName,
    })
    .from(users)
    .leftJoin(sellerProfiles, eq(sellerProfiles.userId, users.id))
    .where(eq(users.id, userId));
  if (!account) throw notFound('account');
  const [terms] = await ctx.db
    .select({ version: termsAcceptances.version, acceptedAt: termsAcceptances.acceptedAt })
    .from(termsAcceptances)
    .where(eq(termsAcceptances.userId, userId))
    .orderBy(desc(termsAcceptances.acceptedAt))
    .limit(1);
  return { ...account, publicName: account.publicName ?? account.name, terms: terms ?? null };
}
