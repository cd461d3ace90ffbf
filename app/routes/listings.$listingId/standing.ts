import { formatDate } from '~/platform/dates';
import { lotName, type NamedLot } from '~/platform/lot-name';
import { formatNano, formatPricePerUsd } from '~/platform/money';

interface StandingLot extends NamedLot {
  state: string;
  availableNano: bigint;
  reservedNano: bigint;
  endedAt: Date | null;
  mendUntilAt: Date | null;
}

/** The title of a lot's page: the credit left while it is on sale, else its name. */
export function headline(listing: StandingLot, onSale: boolean): string {
  if (!onSale) return lotName(listing);
  return `${formatNano(listing.availableNano)} of Replicate credit at ${formatPricePerUsd(listing.discountBps)} per $1`;
}

/** Why a lot is not on sale, and what that means for its buyers. */
export function whyNotOnSale(listing: StandingLot, failed: boolean, mendHours: number): string {
  const on = listing.endedAt ? ` on ${formatDate(listing.endedAt)}` : '';
  if (listing.mendUntilAt)
    return `A check failed. The seller has until ${formatDate(listing.mendUntilAt)} to mend it; until then nothing of it is sold or burned, and its buyers may take their refund.`;
  if (failed)
    return `It failed${listing.state === 'failed' ? on : ''}: it stopped delivering and was not mended within ${mendHours} hours. What its buyers had not burned goes back to their cards.`;
  switch (listing.state) {
    case 'suspended':
      return 'We took it off the market. Credit already bought from it can still be burned.';
    case 'withdrawn':
      return `The seller withdrew the unsold part${on}. Credit already bought from it can still be burned.`;
    case 'expired':
      return `Its credit expires too soon to be sold, so selling has ended${on}. Credit already bought from it can be burned until the day before it expires.`;
    case 'paused':
      return 'The seller has paused it. Credit already bought from it can still be burned.';
    default:
      return listing.reservedNano > 0n
        ? 'The rest is reserved in open checkouts. If one is not paid, its credit is on sale again.'
        : 'Credit already bought from it can still be burned.';
  }
}

/** "$300.00 of $580.00 sold, $20.00 reserved in open checkouts". Withdrawn and reserved credit does not count as sold. */
export function soldSentence({
  soldNano,
  listedNano,
  reservedNano,
}: {
  soldNano: bigint;
  listedNano: bigint;
  reservedNano: bigint;
}): string {
  const reserved = reservedNano > 0n ? `, ${formatNano(reservedNano)} reserved in open checkouts` : '';
  return `${formatNano(soldNano)} of ${formatNano(listedNano)} sold${reserved}`;
}
