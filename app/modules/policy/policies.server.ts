import { desc, lte } from 'drizzle-orm';
import { policies } from '~db/schema';
import { recordAudit } from '~/modules/audit/index.server';
import { atomic, requireAdmin, type Ctx } from '~/platform/context';
import { conflict } from '~/platform/errors';
import { kept } from '~/platform/kept-query';
import { z } from 'zod';
import { firstRules, PolicyRules, type Policy } from './policy-rules';
import { showRule } from './rule-words';

type PolicyRow = typeof policies.$inferSelect;

/** A version from before a rule existed has that rule as the market opens with it. */
function toPolicy(row: PolicyRow): Policy {
  return { version: row.version, validFrom: row.validFrom, rules: PolicyRules.parse({ ...firstRules, ...row.rules }) };
}

const inForce = kept<{ now: Date }>()((db, value) =>
  db
    .select()
    .from(policies)
    .where(lte(policies.validFrom, value('now', policies.validFrom)))
    .orderBy(desc(policies.version))
    .limit(1),
);

/** The rules in force at the context's time; before the first version is written, the rules the market opens with, as version 1. */
export async function currentPolicy(ctx: Ctx): Promise<Policy> {
  const [row] = await inForce(ctx, { now: ctx.now });
  return row ? toPolicy(row) : { version: 1, validFrom: ctx.now, rules: firstRules };
}

/** Writes the opening rules once; the first start of a market calls it. */
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
 * An admin changes the market's rules: a new version from now on. What was agreed before keeps its version. `basedOn` is the version
 * the form showed; if another admin published meanwhile, nothing is written (409).
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

/** Each rule that changes, as "10.0% → 9.0%", for the record. */
function describeChanges(before: PolicyRules, after: PolicyRules): Record<string, string> {
  const names = Object.keys(after) as (keyof PolicyRules)[];
  const changed = names.filter((name) => before[name] !== after[name]);
  return Object.fromEntries(changed.map((name) => [name, `${showRule(name, before[name])} → ${showRule(name, after[name])}`]));
}

/** All versions, newest first, for the admin's page. */
export async function policyHistory(ctx: Ctx) {
  requireAdmin(ctx);
  return ctx.db.select().from(policies).orderBy(desc(policies.version)).limit(50);
}
