import { sql } from 'drizzle-orm';
import { invariantChecks } from '~db/schema';
import type { Ctx } from '~/platform/context';

export interface InvariantOutcome {
  rule: string;
  outcome: 'holds' | 'broken' | 'unchecked';
  subjects: string[];
}

/** Records the result of checking one rule. `sinceAt` stays while the outcome does, so that alarms know its duration. */
export async function recordInvariant(ctx: Ctx, { rule, outcome, subjects }: InvariantOutcome): Promise<void> {
  const { outcome: before, sinceAt } = invariantChecks;
  await ctx.db
    .insert(invariantChecks)
    .values({ rule, outcome, subjects, checkedAt: ctx.now, sinceAt: ctx.now })
    .onConflictDoUpdate({
      target: invariantChecks.rule,
      set: {
        outcome,
        subjects,
        checkedAt: ctx.now,
        sinceAt: sql`case when ${before} = ${outcome} then ${sinceAt} else ${ctx.now.toISOString()}::timestamptz end`,
      },
    });
}
