import { sql } from 'drizzle-orm';
import { verifyAuditChain } from '~/modules/audit/index.server';
import type { Ctx } from '~/platform/context';
import { moneyRules } from './invariants-of-money';
import { stateRules } from './invariants-of-states';

export interface BrokenInvariant {
  /** Number and name as in docs/ledger.md and the plan of the money's rules. */
  rule: string;
  /** The ids that break it, at most twenty. */
  subjects: string[];
}

/** Checks every rule of the money and the states on the whole database; an empty answer means that all hold. Reads only. */
export async function checkInvariants(ctx: Ctx): Promise<BrokenInvariant[]> {
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const broken: BrokenInvariant[] = [];
  for (const rule of [...moneyRules, ...stateRules]) {
    const rows = await ctx.db.execute<{ subject: string }>(sql`select subject from (${rule.violations(now)}) v limit 20`);
    if (rows.length > 0) broken.push({ rule: rule.name, subjects: rows.map((row) => row.subject) });
  }
  const badAudit = await verifyAuditChain(ctx);
  if (badAudit !== null) broken.push({ rule: '16 the audit chain verifies', subjects: [`audit ${badAudit}`] });
  return broken;
}
