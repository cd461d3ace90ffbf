import { and, asc, eq, gt, or, sql } from 'drizzle-orm';
import { grants } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { GrantId, TransactionId } from '~/platform/ids';

export interface UnvestedGrant {
  grantId: GrantId;
  transactionId: TransactionId;
}

/**
 * A page of grants for the release sweep, by id from `after`: those with at least `leastNano` burned and not released, and those burned
 * completely. Smaller amounts would crowd the page.
 */
export async function grantsToVest(ctx: Ctx, leastNano: bigint, after: GrantId | null, limit: number): Promise<UnvestedGrant[]> {
  const enough = sql`${grants.capturedNano} - ${grants.vestedNano} >= ${leastNano.toString()}::bigint`;
  const toTheLast = or(eq(grants.capturedNano, grants.creditNano), eq(grants.state, 'exhausted'));
  return ctx.db
    .select({ grantId: grants.id, transactionId: grants.transactionId })
    .from(grants)
    .where(and(sql`${grants.capturedNano} > ${grants.vestedNano}`, or(enough, toTheLast), after ? gt(grants.id, after) : undefined))
    .orderBy(asc(grants.id))
    .limit(limit);
}

/** Records how much of the burned credit the ledger has released. */
export async function recordVested(tx: Ctx, transactionId: TransactionId, burnedNano: bigint): Promise<void> {
  await tx.db.update(grants).set({ vestedNano: burnedNano }).where(eq(grants.transactionId, transactionId));
}
