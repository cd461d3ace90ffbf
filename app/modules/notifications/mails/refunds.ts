import { composeMail, type ComposedMail } from '~/modules/notifications/mail-letter';
import { paths } from '~/paths';
import { formatCents, formatNano } from '~/platform/money';

interface MadeByHand {
  transactionId: string;
  listingId: string;
  creditNano: bigint;
  priceCents: bigint;
  amountCents: bigint;
  /** Credit that can no longer be burned. */
  takenBackNano: bigint;
}

/** To the buyer: the operator refunded part of a purchase in Stripe's Dashboard. */
export function refundMadeByHand(refund: MadeByHand, origin: string): ComposedMail {
  const credit =
    refund.takenBackNano > 0n
      ? ` ${formatNano(refund.takenBackNano)} of the ${formatNano(refund.creditNano)} you bought can no longer be burned.`
      : '';
  return composeMail({
    kind: 'payment.refunded_by_hand',
    subject: `Refund: ${formatCents(refund.amountCents)}`,
    title: `${formatCents(refund.amountCents)} goes back to your card`,
    paragraphs: [`We made this refund by hand.${credit} Banks take 5 to 10 days to show a refund.`],
    facts: [
      ['You paid', formatCents(refund.priceCents)],
      ['Refunded now', formatCents(refund.amountCents)],
    ],
    action: { label: 'See the purchase', url: origin + paths.transaction(refund.transactionId) },
    because: 'You get this mail because you paid; it cannot be switched off.',
  });
}

/** To the seller: part of a sale was refunded in Stripe's Dashboard. */
export function saleRefundedByHand(refund: MadeByHand, origin: string): ComposedMail {
  const credit = refund.takenBackNano > 0n ? ` The buyer can no longer burn ${formatNano(refund.takenBackNano)} of the credit.` : '';
  return composeMail({
    kind: 'listing.sale_refunded',
    subject: `Refunded: ${formatCents(refund.amountCents)} of a sale`,
    title: `${formatCents(refund.amountCents)} of a sale was refunded`,
    paragraphs: [
      `We refunded ${formatCents(refund.amountCents)} of the ${formatCents(refund.priceCents)} that a buyer paid.${credit}`,
      'You are still paid for the burned part.',
    ],
    action: { label: 'See the listing', url: origin + paths.sellListing(refund.listingId) },
    because: 'You get this mail because this is your listing.',
  });
}
