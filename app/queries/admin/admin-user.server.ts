import { and, count, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { accessKeys, auditLog, grants, users } from '~db/schema';
import { requireAdmin, type Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import { isId, type UserId } from '~/platform/ids';
import { findAdminLots } from './admin-lots.server';

/** A person with all facts for an admin's decisions. @throws DomainError 404 if the actor is no admin or the user does not exist. */
export async function adminUserPage(ctx: Ctx, userId: string) {
  const adminId = requireAdmin(ctx);
  if (!isId('user', userId)) throw notFound('person');
  const [person] = await ctx.db.select().from(users).where(eq(users.id, userId));
  if (!person) throw notFound('person');
  const [lots, wallet, keys, records] = await Promise.all([
    findAdminLots(ctx, userId),
    findWalletTotals(ctx, userId),
    countLiveKeys(ctx, userId),
    findAuditRecords(ctx, userId),
  ]);
  return { person, own: userId === adminId, lots, ...wallet, liveKeys: keys, records };
}

/** The credit left in open and frozen grants. */
async function findWalletTotals(ctx: Ctx, buyerId: UserId) {
  const [row] = await ctx.db
    .select({
      openGrants: count(),
      leftNano: sql<bigint>`coalesce(sum(${grants.availableNano} + ${grants.authorizedNano}), 0)`.mapWith(BigInt),
    })
    .from(grants)
    .where(and(eq(grants.buyerId, buyerId), inArray(grants.state, ['open', 'frozen'])));
  return row ?? { openGrants: 0, leftNano: 0n };
}

async function countLiveKeys(ctx: Ctx, buyerId: UserId): Promise<number> {
  const [row] = await ctx.db
    .select({ n: count() })
    .from(accessKeys)
    .where(and(eq(accessKeys.buyerId, buyerId), isNull(accessKeys.revokedAt)));
  return row?.n ?? 0;
}

function findAuditRecords(ctx: Ctx, userId: UserId) {
  return ctx.db.select().from(auditLog).where(eq(auditLog.subject, userId)).orderBy(desc(auditLog.seq)).limit(50);
}
