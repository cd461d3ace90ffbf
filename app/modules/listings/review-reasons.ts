/** Why a listing is rejected or a question asked: codes for the record, words for the seller. */
export const reviewReasons = {
  source_unclear: 'Where the credit comes from is unclear',
  not_transferable: 'Credit of this kind may not be used by others',
  identity_mismatch: 'The Replicate account does not match the seller',
  balance_doubtful: 'The declared balance is in doubt',
  price_doubtful: 'The price is in doubt',
  suspected_fraud: 'The listing looks like fraud',
  other: 'Another reason',
} as const;

export type ReviewReason = keyof typeof reviewReasons;
