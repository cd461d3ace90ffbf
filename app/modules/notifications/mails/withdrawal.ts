import { composeMail, type ComposedMail } from '~/modules/notifications/mail-letter';
import { paths } from '~/paths';
import { formatDateTime } from '~/platform/dates';
import { formatCents, formatNano } from '~/platform/money';

export interface WithdrawalFacts {
  transactionId: string;
  listingId: string;
  buyerName: string;
  creditNano: bigint;
  priceCents: bigint;
  paidAt: Date;
  withdrawnAt: Date;
  /** Null while runs are still open: the amount is known when they have ended. */
  refundCents: bigint | null;
}

/** The acknowledgement that the law asks for: what was declared, for which contract, and when (Directive 2011/83/EU, Art. 11a). */
export function withdrawalAcknowledged(facts: WithdrawalFacts, origin: string): ComposedMail {
  const { refundCents } = facts;
  return composeMail({
    kind: 'withdrawal.acknowledged',
    subject: 'You withdrew from your contract',
    title: 'We received your withdrawal',
    paragraphs: [
      `On ${formatDateTime(facts.withdrawnAt)} you withdrew from your contract to buy ${formatNano(facts.creditNano)} of Replicate credit. Keep this mail as your proof.`,
      refundCents === null
        ? 'Some of your runs are still open. When they have ended, what is unburned goes back to the card that paid, and we mail you the amount.'
        : `${formatCents(refundCents)} for what is unburned goes back to the card that paid. Banks take 5 to 10 days to show it.`,
    ],
    facts: [
      ['Declared', 'I withdraw from this contract.'],
      ['By', facts.buyerName],
      ['Received', formatDateTime(facts.withdrawnAt)],
      ['Purchase', facts.transactionId],
      ['Bought', `${formatNano(facts.creditNano)} of credit for ${formatCents(facts.priceCents)}`],
      ['Paid', formatDateTime(facts.paidAt)],
      ['Refund', refundCents === null ? 'when the open runs have ended' : formatCents(refundCents)],
    ],
    action: { label: 'See the purchase', url: origin + paths.transaction(facts.transactionId) },
    because: 'You get this mail because you withdrew from a contract; it cannot be switched off.',
  });
}

/** To the seller: a sale was withdrawn, and what happens to the credit. */
export function saleWithdrawn(facts: WithdrawalFacts, origin: string): ComposedMail {
  return composeMail({
    kind: 'listing.sale_withdrawn',
    subject: `A buyer withdrew from ${formatNano(facts.creditNano)} of your credit`,
    title: 'A buyer withdrew from a purchase',
    paragraphs: [
      `A buyer of ${formatNano(facts.creditNano)} of your credit used the right to withdraw within 14 days. The burned part stays yours; the unburned part is refunded.`,
      'While your lot is on sale, the unburned credit goes back on sale.',
    ],
    action: { label: 'See the listing', url: origin + paths.sellListing(facts.listingId) },
    because: 'You get this mail because this is your listing; it cannot be switched off.',
  });
}
