import { composeMail, type ComposedMail } from '~/modules/notifications/mail-letter';
import { paths } from '~/paths';
import { formatDate, formatDateTime } from '~/platform/dates';
import { formatCents, formatNano, formatPercent, formatPricePerUsd, nanoToCents } from '~/platform/money';

export interface PurchaseFacts {
  transactionId: string;
  creditNano: bigint;
  discountBps: number;
  priceCents: bigint;
}

const buyersReason = 'You get this mail because you paid; it cannot be switched off.';
const sellersReason = 'You get this mail because this is your listing.';

function saved(purchase: PurchaseFacts): string {
  return `${formatCents(nanoToCents(purchase.creditNano, 'down') - purchase.priceCents)} (${formatPercent(purchase.discountBps)})`;
}

/** The receipt. It names no key: keys are shown in the wallet only. */
export function paymentReceived(
  purchase: PurchaseFacts & { paidAt: Date; cardLastFour: string | null; burnBy: Date; settlementAt: Date; withdrawUntilAt: Date },
  origin: string,
): ComposedMail {
  const credit = formatNano(purchase.creditNano);
  return composeMail({
    kind: 'payment.received',
    subject: `Payment received: ${credit} of Replicate credit`,
    title: 'Payment received',
    paragraphs: [
      `${credit} of Replicate credit is in your wallet. You paid ${formatCents(purchase.priceCents)} and saved ${saved(purchase)}.`,
    ],
    facts: [
      ['Paid', `${formatDateTime(purchase.paidAt)}${purchase.cardLastFour ? `, card ending in ${purchase.cardLastFour}` : ''}`],
      [`${credit} at ${formatPricePerUsd(purchase.discountBps)} per $1`, formatCents(purchase.priceCents)],
      ['Burn by', formatDate(purchase.burnBy)],
      ['Settlement day', formatDate(purchase.settlementAt)],
      ['Base URL', origin + paths.gatewayBase()],
    ],
    action: { label: 'Open wallet', url: origin + paths.wallet() },
    after: [
      `Your money is held until burned. The part that is unburned on ${formatDate(purchase.settlementAt)} goes to the seller. If the lot fails before that, the unburned part goes back to your card.`,
      `You may withdraw from this contract until ${formatDateTime(purchase.withdrawUntilAt)}, without giving a reason, on the page of the purchase: ${origin + paths.transaction(purchase.transactionId)}. You agreed that use may begin at once, so you then pay for what you have burned; the rest goes back to your card.`,
      'The access key is not in this mail. You see it in the wallet.',
      'The seller can see the inputs of your runs.',
    ],
    because: buyersReason,
  });
}

/** Paid, but the lot could not deliver any more. */
export function paymentTurnedBack(purchase: PurchaseFacts, why: string, origin: string): ComposedMail {
  return composeMail({
    kind: 'payment.turned_back',
    subject: `Refunded in full: ${formatCents(purchase.priceCents)}`,
    title: 'We refunded your payment in full',
    paragraphs: [
      `Your payment of ${formatCents(purchase.priceCents)} arrived, but ${why}. All of it goes back to your card; banks take 5 to 10 days to show it.`,
    ],
    action: { label: 'See the purchase', url: origin + paths.transaction(purchase.transactionId) },
    after: ['Other lots are on the market.'],
    because: buyersReason,
  });
}

/** The unburned part of a purchase goes back. */
export function unburnedRefunded(
  purchase: PurchaseFacts & { refundCents: bigint; unburnedNano: bigint; reason: string },
  origin: string,
): ComposedMail {
  return composeMail({
    kind: 'payment.refunded',
    subject: `Refund: ${formatCents(purchase.refundCents)}`,
    title: `${formatCents(purchase.refundCents)} goes back to your card`,
    paragraphs: [
      purchase.reason,
      `${formatNano(purchase.unburnedNano)} of the ${formatNano(purchase.creditNano)} you bought was not burned. Banks take 5 to 10 days to show a refund.`,
    ],
    facts: [
      ['You paid', formatCents(purchase.priceCents)],
      ['Refunded', formatCents(purchase.refundCents)],
      ['Burned', formatCents(purchase.priceCents - purchase.refundCents)],
    ],
    action: { label: 'See the purchase', url: origin + paths.transaction(purchase.transactionId) },
    because: buyersReason,
  });
}

/** To the seller: part of a lot was sold. */
export function lotSold(
  purchase: PurchaseFacts & { listingId: string; sellerTotalCents: bigint; buyerName: string },
  origin: string,
): ComposedMail {
  return composeMail({
    kind: 'listing.sold',
    subject: `Sold: ${formatNano(purchase.creditNano)} of your credit`,
    title: `${formatNano(purchase.creditNano)} of your credit was sold`,
    paragraphs: [
      `${purchase.buyerName} paid ${formatCents(purchase.priceCents)}. ${formatCents(purchase.sellerTotalCents)} of it becomes yours as the credit is burned.`,
    ],
    action: { label: 'See the listing', url: origin + paths.sellListing(purchase.listingId) },
    after: ['Do not spend the credit elsewhere and keep the token valid: what cannot be burned is refunded to the buyer.'],
    because: sellersReason,
  });
}
