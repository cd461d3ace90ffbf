/** Why a lot failed, with the words for each reader. */
export const lotFailureReasons = ['token_refused', 'no_credit', 'low_credit', 'foreign_spend'] as const;
export type LotFailureReason = (typeof lotFailureReasons)[number];

const TOP_UP =
  'Top the Replicate account up to what the listing promised, then press “Check the credit again” on the listing. A run of less than a cent with your token then shows whether there is credit.';

const sentences: Record<LotFailureReason, { what: string; mend: string }> = {
  token_refused: {
    what: 'Replicate refuses the seller’s token',
    mend: 'Replace the token by a working one of the same Replicate account.',
  },
  no_credit: {
    what: 'Replicate says the seller’s account has no credit left',
    mend: TOP_UP,
  },
  low_credit: {
    what: 'Replicate says the seller’s account is almost out of credit',
    mend: TOP_UP,
  },
  foreign_spend: {
    what: 'the seller’s account was charged for runs that did not come from buyers',
    mend: 'Top the Replicate account up by what was spent, then replace the token to have it checked again.',
  },
};

export function whatFailed(reason: LotFailureReason): string {
  return sentences[reason].what;
}

export function howToMend(reason: LotFailureReason): string {
  return sentences[reason].mend;
}

/** Whether Replicate refused for lack of credit. A valid token does not mend that. */
export function lacksCredit(reason: LotFailureReason): boolean {
  return reason === 'no_credit' || reason === 'low_credit';
}

/** Replicate's rate limit text for low credit. It also appeared on accounts with $10 and $18.52, so it only starts a check. */
export function saysLowCredit(detail: unknown): boolean {
  return typeof detail === 'string' && /less than \$[\d.,]+ in credit/i.test(detail);
}
