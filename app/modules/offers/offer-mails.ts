import { composeMail, type ComposedMail } from '~/modules/notifications/mail-letter';
import { paths } from '~/paths';
import { formatDateTime } from '~/platform/dates';
import { lotName, type NamedLot } from '~/platform/lot-name';
import { formatCents, formatNano, formatPercent, priceCents } from '~/platform/money';

interface OfferFacts {
  listingId: string;
  creditNano: bigint;
  discountBps: number;
  message: string | null;
  expiresAt: Date;
  checkoutId: string | null;
  payUntilAt: Date | null;
}

function bid(offer: OfferFacts): string {
  return `${formatNano(offer.creditNano)} of credit at ${formatPercent(offer.discountBps)} off, ${formatCents(priceCents(offer.creditNano, offer.discountBps))}`;
}

const buyersReason = 'You get this mail because you made this offer.';
const sellersReason = 'You get this mail because this is your listing.';

export function offerMade(offer: OfferFacts, lot: NamedLot, buyerName: string, origin: string): ComposedMail {
  return composeMail({
    kind: 'offer.made',
    subject: `An offer on your lot: ${formatCents(priceCents(offer.creditNano, offer.discountBps))}`,
    title: 'An offer on your lot',
    paragraphs: [`${buyerName} offers to buy ${bid(offer)}.`, ...(offer.message ? [`The buyer writes: ${offer.message}`] : [])],
    facts: [
      ['Lot', lotName(lot)],
      ['Open until', formatDateTime(offer.expiresAt)],
    ],
    action: { label: 'Look at the offer', url: origin + paths.sellOffers() },
    because: sellersReason,
  });
}

export function offerAccepted(offer: OfferFacts, lot: NamedLot, origin: string): ComposedMail {
  const checkoutPath = offer.checkoutId ? paths.checkout(offer.checkoutId) : paths.offers();
  return composeMail({
    kind: 'offer.accepted',
    subject: `Your offer was accepted: pay ${formatCents(priceCents(offer.creditNano, offer.discountBps))}`,
    title: 'Your offer was accepted',
    paragraphs: [`You can now buy ${bid(offer)}. The credit is reserved for you.`],
    facts: [['Lot', lotName(lot)], ...(offer.payUntilAt ? [['Pay until', formatDateTime(offer.payUntilAt)] as [string, string]] : [])],
    action: { label: 'Pay by card', url: origin + checkoutPath },
    after: ['If you do not pay by then, the credit goes back on the market and you owe nothing.'],
    because: buyersReason,
  });
}

export function offerDeclined(offer: OfferFacts, lot: NamedLot, origin: string): ComposedMail {
  return composeMail({
    kind: 'offer.declined',
    subject: 'Your offer was declined',
    title: 'Your offer was declined',
    paragraphs: [`The seller declined your offer to buy ${bid(offer)}. Nothing was charged.`],
    facts: [['Lot', lotName(lot)]],
    action: { label: 'Look at the lot', url: origin + paths.listing(offer.listingId) },
    because: buyersReason,
  });
}

export function offerExpired(offer: OfferFacts, lot: NamedLot, origin: string): ComposedMail {
  return composeMail({
    kind: 'offer.expired',
    subject: 'Your offer has expired',
    title: 'Your offer has expired',
    paragraphs: [`The seller did not answer your offer to buy ${bid(offer)} in time. Nothing was charged.`],
    facts: [['Lot', lotName(lot)]],
    action: { label: 'Look at the lot', url: origin + paths.listing(offer.listingId) },
    because: buyersReason,
  });
}

export function offerLapsedForBuyer(offer: OfferFacts, lot: NamedLot, origin: string): ComposedMail {
  return composeMail({
    kind: 'offer.lapsed.buyer',
    subject: 'An accepted offer was not paid',
    title: 'An accepted offer was not paid',
    paragraphs: [`The offer: ${bid(offer)}.`, 'It was not paid. The credit is back on the market, and nothing is owed.'],
    facts: [['Lot', lotName(lot)]],
    action: { label: 'Look at the lot', url: origin + paths.listing(offer.listingId) },
    because: buyersReason,
  });
}

export function offerLapsedForSeller(offer: OfferFacts, lot: NamedLot, buyerName: string, origin: string): ComposedMail {
  return composeMail({
    kind: 'offer.lapsed.seller',
    subject: 'An accepted offer was not paid',
    title: 'An accepted offer was not paid',
    paragraphs: [`The offer: ${bid(offer)}.`, `${buyerName} did not pay it. The credit is back in your lot.`],
    facts: [['Lot', lotName(lot)]],
    action: { label: 'See your offers', url: origin + paths.sellOffers() },
    because: sellersReason,
  });
}
