import { z } from 'zod';
import { PolicyRules } from '~/modules/policy/policy-rules';
import { howToWrite, readRule, ruleLabels, ruleToInput, showRule, type RuleName } from '~/modules/policy/rule-words';

interface RuleField {
  rule: RuleName;
  /** Of the input: the rule's name without the unit it is kept in, since people type another. */
  name: string;
  label: string;
  hint: string;
}

const ruleNames = Object.keys(ruleLabels) as RuleName[];

/** The rules as a form: percent, dollars, minutes, hours and days. */
export const ruleFields: RuleField[] = ruleNames.map((rule) => {
  const [label, hint] = ruleLabels[rule];
  return { rule, name: rule.replace(/(Bps|Cents|Minutes|Hours|Days)$/, ''), label, hint };
});

/** The rules as field values. */
export function ruleTexts(rules: PolicyRules): Record<string, string> {
  return Object.fromEntries(ruleFields.map(({ name, rule }) => [name, ruleToInput(rule, rules[rule])]));
}

/** One field: parsed in its unit and checked against the rule's limits, which the error names in the same unit. */
function ruleField(rule: RuleName) {
  return z.string({ error: 'This is needed.' }).transform((text, ctx) => {
    const value = readRule(rule, text);
    const problem = value === null ? howToWrite(rule) : limitProblem(rule, value);
    if (value !== null && problem === null) return value;
    ctx.addIssue({ code: 'custom', message: problem ?? howToWrite(rule) });
    return z.NEVER;
  });
}

function limitProblem(rule: RuleName, value: number): string | null {
  const issue = PolicyRules.shape[rule].safeParse(value).error?.issues[0];
  if (!issue) return null;
  if (issue.code === 'too_small') return `At least ${showRule(rule, Number(issue.minimum))}.`;
  return issue.code === 'too_big' ? `At most ${showRule(rule, Number(issue.maximum))}.` : howToWrite(rule);
}

const fields: Record<string, ReturnType<typeof ruleField>> = Object.fromEntries(
  ruleFields.map(({ name, rule }) => [name, ruleField(rule)]),
);

/** The posted form as new rules, converted to the units in which they are stored. */
export const PolicyForm = z
  .object({
    basedOn: z.coerce.number().int(),
    note: z.string({ error: 'Say why.' }).trim().min(1, 'Say why.').max(500, 'At most 500 characters.'),
    ...fields,
  })
  .transform(({ basedOn, note, ...typed }, ctx) => {
    const values = typed as Record<string, number>;
    const rules = PolicyRules.safeParse(Object.fromEntries(ruleFields.map(({ name, rule }) => [rule, values[name]])));
    if (rules.success) return { basedOn, note, rules: rules.data };
    ctx.addIssue({ code: 'custom', path: ['maxDiscount'], message: 'Above the smallest discount.' });
    return z.NEVER;
  });
