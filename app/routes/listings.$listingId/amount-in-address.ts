import type { SubmissionResult } from '@conform-to/react';
import { CreditAmount } from '~/workflows/paying/buy-form';
import { formatNano } from '~/platform/money';

/** The limits of one purchase from a lot. */
interface Offered {
  minimumNano: bigint;
  availableNano: bigint;
}

/** Why the lot does not sell the amount in the URL, as a sentence; null if it does. */
export function amountProblem(text: string, { minimumNano, availableNano }: Offered): string | null {
  const amount = CreditAmount.safeParse(text);
  if (!amount.success) return amount.error.issues[0]?.message ?? null;
  if (amount.data > availableNano) return `Only ${formatNano(availableNano)} of credit is left in this lot. Enter that or less.`;
  if (amount.data >= minimumNano) return null;
  return minimumNano === availableNano
    ? `The last ${formatNano(availableNano)} of credit of this lot are sold whole. Enter exactly that.`
    : `The smallest purchase here is ${formatNano(minimumNano)} of credit.`;
}

/** The buy form for an amount in the URL that cannot be bought: the amount, with the reason beside it. */
export function resultOfAddress(amount: string, offered: Offered): SubmissionResult<string[]> | undefined {
  const problem = amount === '' ? null : amountProblem(amount, offered);
  if (problem === null) return undefined;
  return { status: 'error', initialValue: { intent: 'buy', amount }, error: { amount: [problem] } };
}
