import { desc } from 'drizzle-orm';
import { rowsOf } from '~db/rows';
import { policies } from '~db/schema';
import { recordAudit } from '~/modules/audit/index.server';
import { atomic, requireAdmin, type Ctx } from '~/platform/context';
import { conflict } from '~/platform/errors';
import { z } from 'zod';
import { firstRules, PolicyRules, type Policy } from './policy-rules';
import { showRule } from './rule-words';

type PolicyRow = typeof policies.$inferSelect;

/** Older versions lack newer rules: take those from the opening rules. */
function toPolicy(row: PolicyRow): Policy {
  return { version: row.version, validFrom: row.validFrom, rules: PolicyRules.parse({ ...firstRules, ...row.rules }) };
}

const policyRows = rowsOf(policies);

/** The rules in force at ctx.now; before the first version, the opening rules as version 1. */
export async function currentPolicy(ctx: Ctx): Promise<Policy> {
  const { sql } = ctx.db;
  const [row] = await sql`
    select ${sql(policyRows.names)} from policies
    where valid_from <= ${ctx.now.toISOString()}::timestamptz order by version desc limit 1`;
  return row ? toPolicy(policyRows.toModel(row)) : { version: 1, validFrom: ctx.now, rules: firstRules };
}

/** Stores the opening rules once, at the first start of a market. */
export async function openMarket(ctx: Ctx): Promise<void> {
  await ctx.db
    .insert(policies)
    .values({ version: 1, rules: firstRules, note: 'The market opens.', validFrom: ctx.now })
    .onConflictDoNothing();
}

export const PublishPolicyInput = z.object({
  basedOn: z.coerce.number().int(),
  rules: PolicyRules,
  note: z.string().trim().min(1, 'Say why.').max(500),
});

/**
 * An admin publishes a new version of the rules. Earlier agreements keep their version.
 * @throws 409 if `basedOn`, the version that the form showed, is no longer the newest.
 */
export async function publishPolicy(ctx: Ctx, input: z.input<typeof PublishPolicyInput>): Promise<Policy> {
  const { basedOn, rules, note } = PublishPolicyInput.parse(input);
  const editedBy = requireAdmin(ctx);
  return atomic(ctx, async (tx) => {
    const before = await currentPolicy(tx);
    if (before.version > basedOn) throw changedMeanwhile();
    const [row] = await tx.db
      .insert(policies)
      .values({ version: basedOn + 1, rules, note, editedBy, validFrom: tx.now })
      .onConflictDoNothing()
      .returning();
    if (!row) throw changedMeanwhile();
    await recordAudit(tx, 'policy.published', `policy_${row.version}`, { note, ...describeChanges(before.rules, rules) });
    return toPolicy(row);
  });
}

function changedMeanwhile() {
  return conflict('policy_changed', 'Another admin has just changed the rules. Reload, look at the new version, then change it again.');
}

/** Each changed rule as "10.0% → 9.0%", for the audit log. */
function describeChanges(before: PolicyRules, after: PolicyRules): Record<string, string> {
  const names = Object.keys(after) as (keyof PolicyRules)[];
  const changed = names.filter((name) => before[name] !== after[name]);
  return Object.fromEntries(changed.map((name) => [name, `${showRule(name, before[name])} → ${showRule(name, after[name])}`]));
}

/** All versions, newest first. */
export async function policyHistory(ctx: Ctx) {
  requireAdmin(ctx);
  return ctx.db.select().from(policies).orderBy(desc(policies.version)).limit(50);
}
