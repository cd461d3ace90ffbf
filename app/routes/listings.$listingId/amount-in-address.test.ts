import { expect, it } from 'vitest';
import { usdNano } from '~/platform/money';
import { amountProblem } from './amount-in-address';

const lot = { minimumNano: usdNano(10), availableNano: usdNano(27.6) };

it.each([
  ['9999', 'Only $27.60 of credit is left in this lot. Enter that or less.'],
  ['abc', 'Enter an amount in dollars, such as 100.00.'],
  ['1', 'The smallest purchase here is $10.00 of credit.'],
  ['-5', 'Enter an amount in dollars, such as 100.00.'],
  ['20', null],
  ['27.60', null],
])('answers ?amount=%s with a sentence or a price', (text, sentence) => {
  expect(amountProblem(text, lot)).toBe(sentence);
});

it('says that a last part is sold whole', () => {
  expect(amountProblem('5', { minimumNano: usdNano(8), availableNano: usdNano(8) })).toContain('sold whole');
});
