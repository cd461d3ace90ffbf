import { and, asc, eq, gt, or, sql } from 'drizzle-orm';
import { grants } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { GrantId, TransactionId } from '~/platform/ids';

export interface UnvestedGrant {
  grantId: GrantId;
  transactionId: TransactionId;
}

/**
 * Grants on which at least `leastNano` more was burned than released so far, or which are burned to the last, by key from `after`: what
 * the release sweep walks through. Those that have burned a little only would keep it from the others.
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

/** The ledger has released what was due at this burn. */
export async function recordVested(tx: Ctx, transactionId: TransactionId, burnedNano: bigint): Promise<void> {
  await tx.db.update(grants).set({ vestedNano: burnedNano }).where(eq(grants.transactionId, transactionId));
}
