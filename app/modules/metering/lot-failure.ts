/** Why a lot is no longer trusted, with what each reader is told. */
export const lotFailureReasons = ['token_refused', 'no_credit', 'low_credit', 'foreign_spend'] as const;
export type LotFailureReason = (typeof lotFailureReasons)[number];

const sentences: Record<LotFailureReason, { what: string; mend: string }> = {
  token_refused: {
    what: 'Replicate refuses the seller’s token',
    mend: 'Replace the token by a working one of the same Replicate account.',
  },
  no_credit: {
    what: 'Replicate says the seller’s account has no credit left',
    mend: 'Top the Replicate account up to what the listing promised, then replace the token to have it checked again.',
  },
  low_credit: {
    what: 'Replicate says the seller’s account is almost out of credit',
    mend: 'Top the Replicate account up to what the listing promised, then replace the token to have it checked again.',
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

/** Replicate's limit text for accounts that run dry: the only signal of a balance that it gives. */
export function saysLowCredit(detail: unknown): boolean {
  return typeof detail === 'string' && /less than \$[\d.,]+ in credit/i.test(detail);
}
