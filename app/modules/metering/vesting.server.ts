import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { grants } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { GrantId, TransactionId } from '~/platform/ids';

export interface UnvestedGrant {
  grantId: GrantId;
  transactionId: TransactionId;
}

/** Grants on which more was burned than released so far, by key from `after`: what the release sweep walks through. */
export async function grantsToVest(ctx: Ctx, after: GrantId | null, limit: number): Promise<UnvestedGrant[]> {
  return ctx.db
    .select({ grantId: grants.id, transactionId: grants.transactionId })
    .from(grants)
    .where(and(sql`${grants.capturedNano} > ${grants.vestedNano}`, after ? gt(grants.id, after) : undefined))
    .orderBy(asc(grants.id))
    .limit(limit);
}

/** The ledger has released what was due at this burn. */
export async function recordVested(tx: Ctx, transactionId: TransactionId, burnedNano: bigint): Promise<void> {
  await tx.db.update(grants).set({ vestedNano: burnedNano }).where(eq(grants.transactionId, transactionId));
}
