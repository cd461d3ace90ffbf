import { divide } from '~/platform/money';
import { held, platform, sellerPayable, type Entry } from './ledger-accounts';

/** How a price is split, fixed when the purchase starts: price = sellerTotal + fee (docs/money.md#amounts-of-a-purchase). */
export interface Split {
  priceCents: bigint;
  sellerTotalCents: bigint;
  feeCents: bigint;
}

export interface Burn {
  creditNano: bigint;
  capturedNano: bigint;
}

export interface Due {
  sellerCents: bigint;
  feeCents: bigint;
}

/** What has vested with c of p burned: ⌊sellerTotal·c/p⌋ for the seller, ⌊fee·c/p⌋ for the platform. At c = p both are the totals. */
export function computeDue(split: Split, burn: Burn): Due {
  return {
    sellerCents: divide(split.sellerTotalCents * burn.capturedNano, burn.creditNano, 'down'),
    feeCents: divide(split.feeCents * burn.capturedNano, burn.creditNano, 'down'),
  };
}

/** The refund of the unburned part: the paid amount less what is due. Odd cents go to the buyer. */
export function computeRefund(split: Split, due: Due, refundedCents: bigint): bigint {
  return split.priceCents - due.sellerCents - due.feeCents - refundedCents;
}

/** What a refund would return to the card now, in cents. Never negative: the buyer does not bear the platform's loss. */
export function computeUnburned(purchase: Split & { refundedCents: bigint }, burn: Burn): bigint {
  const leftCents = computeRefund(purchase, computeDue(purchase, burn), purchase.refundedCents);
  return leftCents > 0n ? leftCents : 0n;
}

/**
 * The final shares of seller and platform once the unrefunded part is burned or settled. A refund takes ⌈sellerTotal·refunded/price⌉
 * from the seller's share and the rest from the fee.
 */
export function totalsAfterRefunds(split: Split, refundedCents: bigint): Due {
  const sellerBack = divide(split.sellerTotalCents * refundedCents, split.priceCents, 'up');
  return { sellerCents: split.sellerTotalCents - sellerBack, feeCents: split.feeCents - (refundedCents - sellerBack) };
}

/** Credit that a refund takes back: ⌈credit·refunded/price⌉, so that the burnable credit never exceeds what stays paid. */
export function computeRefundedCredit(priceCents: bigint, refundedCents: bigint, creditNano: bigint): bigint {
  return divide(creditNano * refundedCents, priceCents, 'up');
}

interface PaidPart {
  transactionId: string;
  priceCents: bigint;
}

/** A card payment was captured: the cash is at Stripe, held for the purchase. */
export function paymentCaptured(paymentIntentId: string, parts: PaidPart[]): Entry {
  return {
    kind: 'payment_captured',
    reference: `capture:${paymentIntentId}`,
    lines: parts.map((part) => ({ debit: platform('stripe_balance'), credit: held(part.transactionId), amountCents: part.priceCents })),
  };
}

/** Stripe's fee, which the platform pays. Known from the charge's balance transaction. */
export function stripeFeeTaken(chargeId: string, feeCents: bigint): Entry {
  return {
    kind: 'stripe_fee',
    reference: `stripe_fee:${chargeId}`,
    lines: feeCents > 0n ? [{ debit: platform('stripe_fees'), credit: platform('stripe_balance'), amountCents: feeCents }] : [],
  };
}

/** What is due leaves the held money: the seller's part becomes payable, the fee is ours. The reference contains the new sum. */
export function released(facts: { transactionId: string; sellerId: string; before: Due; after: Due }): Entry {
  const { transactionId, before, after } = facts;
  const lines = [
    { debit: held(transactionId), credit: sellerPayable(facts.sellerId), amountCents: after.sellerCents - before.sellerCents },
    { debit: held(transactionId), credit: platform('platform_fees'), amountCents: after.feeCents - before.feeCents },
  ];
  return {
    kind: 'released',
    reference: `release:${transactionId}:${after.sellerCents + after.feeCents}`,
    lines: lines.filter((line) => line.amountCents !== 0n),
  };
}

interface RefundFacts {
  refundId: string;
  transactionId: string;
  amountCents: bigint;
}

/** A refund was decided: the money is no longer held and is on its way out. */
export function refundRequested({ refundId, transactionId, amountCents }: RefundFacts): Entry {
  return {
    kind: 'refund_requested',
    reference: `refund:${refundId}`,
    lines: [{ debit: held(transactionId), credit: platform('refund_clearing'), amountCents }],
  };
}

/** Stripe took the refund from our balance: clearing returns to zero. */
export function refundSettled({ refundId, amountCents }: Omit<RefundFacts, 'transactionId'>): Entry {
  return {
    kind: 'refund_settled',
    reference: `refund_settled:${refundId}`,
    lines: [{ debit: platform('refund_clearing'), credit: platform('stripe_balance'), amountCents }],
  };
}

/** The bank returned a refund: the money is still owed to the buyer, and a person has to find another way. */
export function refundBounced({ refundId, amountCents }: Omit<RefundFacts, 'transactionId'>): Entry {
  return {
    kind: 'refund_bounced',
    reference: `refund_bounced:${refundId}`,
    lines: [{ debit: platform('stripe_balance'), credit: platform('refund_clearing'), amountCents }],
  };
}

/** A refund was decided and not made: its money is held again. */
export function refundWithdrawn({ refundId, transactionId, amountCents }: RefundFacts): Entry {
  return {
    kind: 'refund_withdrawn',
    reference: `refund_withdrawn:${refundId}`,
    lines: [{ debit: platform('refund_clearing'), credit: held(transactionId), amountCents }],
  };
}

/** Stripe refunded more than was unburned: the platform adds the difference, so that seller and fee get what was burned. */
export function lossTaken({ refundId, transactionId, amountCents }: RefundFacts): Entry {
  return {
    kind: 'loss_taken',
    reference: `loss:${refundId}`,
    lines: [{ debit: platform('losses'), credit: held(transactionId), amountCents }],
  };
}

/** Runs that were open at the refund cost less than reserved: the platform gets its addition back. */
export function lossRecovered({ transactionId, amountCents }: Omit<RefundFacts, 'refundId'>): Entry {
  return {
    kind: 'loss_recovered',
    reference: `loss_recovered:${transactionId}`,
    lines: [{ debit: held(transactionId), credit: platform('losses'), amountCents }],
  };
}
