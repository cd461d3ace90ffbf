import { asc, desc, gt, sql } from 'drizzle-orm';
import { auditLog } from '~db/schema';
import type { Actor, Ctx } from '~/platform/context';
import { chainHash, chainStart, type AuditRecord } from './audit-chain';

function actorColumns(actor: Actor): Pick<AuditRecord, 'actorKind' | 'actorId' | 'actorName'> {
  switch (actor.kind) {
    case 'user':
      return { actorKind: actor.role, actorId: actor.userId, actorName: actor.name };
    case 'system':
      return { actorKind: 'system', actorId: null, actorName: actor.name };
    case 'visitor':
      return { actorKind: 'visitor', actorId: null, actorName: 'visitor' };
  }
}

/**
 * Records who did what, in the caller's atomic block, chained to the previous record. Records are written one at a time, so call it
 * last in a block.
 */
export async function recordAudit(tx: Ctx, action: string, subject: string, facts: Record<string, string> = {}): Promise<void> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('audit_log'))`);
  const [last] = await tx.db.select({ hash: auditLog.hash }).from(auditLog).orderBy(desc(auditLog.seq)).limit(1);
  const record: AuditRecord = { ...actorColumns(tx.actor), action, subject, facts, createdAt: tx.now };
  const previousHash = last?.hash ?? chainStart;
  await tx.db.insert(auditLog).values({ ...record, previousHash, hash: chainHash(previousHash, record) });
}

/** The number of the first record that breaks the chain; null if it is intact. */
export async function verifyAuditChain(ctx: Pick<Ctx, 'db'>): Promise<number | null> {
  let previousHash = chainStart;
  let after = 0;
  for (;;) {
    const rows = await ctx.db.select().from(auditLog).where(gt(auditLog.seq, after)).orderBy(asc(auditLog.seq)).limit(1_000);
    for (const row of rows) {
      if (row.previousHash !== previousHash || row.hash !== chainHash(previousHash, row)) return row.seq;
      previousHash = row.hash;
      after = row.seq;
    }
    if (rows.length < 1_000) return null;
  }
}
