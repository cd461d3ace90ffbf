/** The accounts of the ledger (docs/ledger.md). Credits increase the first group, debits the second. */
export const creditNormal = ['held', 'seller_payable', 'platform_fees', 'refund_clearing'] as const;
export const debitNormal = ['stripe_balance', 'stripe_fees', 'seller_receivable', 'losses'] as const;
/** Accounts with an owner store a balance that is never negative. The platform's accounts are summed from their postings. */
export const ownerKinds = ['held', 'seller_payable', 'seller_receivable'] as const;

export type AccountKind = (typeof creditNormal)[number] | (typeof debitNormal)[number];

/** `ownerId`: the transaction's id for `held`, the seller's id for `seller_*`, '' for the platform's accounts. */
export interface Account {
  kind: AccountKind;
  ownerId: string;
}

export interface Line {
  debit: Account;
  credit: Account;
  amountCents: bigint;
}

export interface Entry {
  kind: string;
  /** The idempotency key: an entry is posted once per reference. */
  reference: string;
  lines: Line[];
}

export const platform = (kind: Exclude<AccountKind, (typeof ownerKinds)[number]>): Account => ({ kind, ownerId: '' });
export const held = (transactionId: string): Account => ({ kind: 'held', ownerId: transactionId });
export const sellerPayable = (sellerId: string): Account => ({ kind: 'seller_payable', ownerId: sellerId });

export function hasOwner(account: Account): boolean {
  return (ownerKinds as readonly string[]).includes(account.kind);
}

export function isCreditNormal(kind: AccountKind): boolean {
  return (creditNormal as readonly string[]).includes(kind);
}

export const accountKey = (account: Account): string => `${account.kind}:${account.ownerId}`;
