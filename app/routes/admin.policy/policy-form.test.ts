import { describe, expect, it } from 'vitest';
import { firstRules } from '~/modules/policy/policy-rules';
import { PolicyForm, ruleFields, ruleTexts } from './policy-form';

const post = (changes: Record<string, string> = {}) =>
  PolicyForm.safeParse({ basedOn: '1', note: 'A test.', ...ruleTexts(firstRules), ...changes });
const readRules = (changes: Record<string, string>) => post(changes).data?.rules;
const findProblem = (name: string, text: string) =>
  post({ [name]: text })
    .error?.issues.filter(({ path }) => path[0] === name)
    .map(({ message }) => message);

describe('the form of the rules', () => {
  it('shows the rules in percent, dollars and times, and reads the same back', () => {
    expect(ruleTexts(firstRules)).toMatchObject({ fee: '10', minDiscount: '30', tailGuard: '20.00', reservation: '40', maxHold: '60' });
    expect(new Set(ruleFields.map(({ name }) => name)).size).toBe(ruleFields.length);
    expect(post().data).toEqual({ basedOn: 1, note: 'A test.', rules: firstRules });
  });

  it.each([
    ['10', 1_000],
    ['10%', 1_000],
    ['10 %', 1_000],
    ['0.3 %', 30],
    ['30', 3_000],
  ])('reads a fee of “%s” as %d basis points', (text, bps) => {
    expect(readRules({ fee: text })?.feeBps).toBe(bps);
  });

  it.each([
    ['$20', 2_000],
    ['20.5', 2_050],
    ['1,000', 100_000],
  ])('reads a tail guard of “%s” as %d cents', (text, cents) => {
    expect(readRules({ tailGuard: text })?.tailGuardCents).toBe(cents);
  });

  it('refuses in words, in the unit that was asked for', () => {
    expect(findProblem('fee', 'ten')).toEqual(['A percentage with at most two decimals, such as 10 or 0.3 %.']);
    expect(findProblem('fee', '10.123')).toEqual(['A percentage with at most two decimals, such as 10 or 0.3 %.']);
    expect(findProblem('fee', '1000')).toEqual(['A percentage with at most two decimals, such as 10 or 0.3 %.']);
    expect(findProblem('fee', '51')).toEqual(['At most 50.0%.']);
    expect(findProblem('minPurchase', '0.10')).toEqual(['At least $0.50.']);
    expect(findProblem('reservation', '30 minutes')).toEqual(['At least 31 minutes.']);
    expect(findProblem('mend', 'a day')).toEqual(['A whole number of hours.']);
    expect(findProblem('maxDiscount', '20')).toEqual(['Above the smallest discount.']);
  });
});
