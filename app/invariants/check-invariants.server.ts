import { sql } from 'drizzle-orm';
import { verifyAuditChain } from '~/modules/audit/index.server';
import type { Ctx } from '~/platform/context';
import { moneyRules } from './money-rules';
import { stateRules } from './state-rules';
import { timeRules } from './time-rules';
import type { Rule } from './rule';

export interface BrokenInvariant {
  /** Number and name of the rule, as in docs/ledger.md. */
  rule: string;
  /** Ids of violations, at most twenty. */
  subjects: string[];
}

export interface Invariant {
  rule: string;
  /** Violations, at most twenty; empty if the rule holds. */
  violations: (ctx: Pick<Ctx, 'db' | 'now'>) => Promise<string[]>;
}

/** Rules that hold at every moment, with or without workers. */
export const standingInvariants: Invariant[] = [
  ...[...moneyRules, ...stateRules].map(inDatabase),
  {
    rule: '16 the audit chain verifies',
    violations: async (ctx) => {
      const bad = await verifyAuditChain(ctx);
      return bad === null ? [] : [`audit ${bad}`];
    },
  },
];

/** All rules, including those on time. */
export const invariants: Invariant[] = [...standingInvariants, ...timeRules.map(inDatabase)];

/** Checks rules on the whole database, all by default. Returns the broken ones. Reads only. */
export async function checkInvariants(ctx: Pick<Ctx, 'db' | 'now'>, rules = invariants): Promise<BrokenInvariant[]> {
  const broken: BrokenInvariant[] = [];
  for (const { rule, violations } of rules) {
    const subjects = await violations(ctx);
    if (subjects.length > 0) broken.push({ rule, subjects });
  }
  return broken;
}

function inDatabase(rule: Rule): Invariant {
  return {
    rule: rule.name,
    violations: async (ctx) => {
      const now = sql`${ctx.now.toISOString()}::timestamptz`;
      const rows = await ctx.db.execute<{ subject: string }>(sql`select subject from (${rule.violations(now)}) v limit 20`);
      return rows.map((row) => row.subject);
    },
  };
}
