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

/** A lot on sale is announced by what is left of it; any other goes by its name. */
export function headline(listing: StandingLot, onSale: boolean): string {
  if (!onSale) return lotName(listing);
  return `${formatNano(listing.availableNano)} of Replicate credit at ${formatPricePerUsd(listing.discountBps)} per $1`;
}

/** Why a lot is not on sale, and what that means for those who bought of it. */
export function whyNotOnSale(listing: StandingLot, failed: boolean, mendHours: number): string {
  const on = listing.endedAt ? ` on ${formatDate(listing.endedAt)}` : '';
  if (listing.mendUntilAt)
    return `A check failed. The seller has until ${formatDate(listing.mendUntilAt)} to mend it; until then nothing of it is sold or burned, and its buyers may take their refund.`;
  if (failed)
    return `It failed${listing.state === 'failed' ? on : ''}: it stopped delivering and was not mended within ${mendHours} hours. What its buyers had not burned goes back to their cards.`;
  switch (listing.state) {
    case 'suspended':
      return 'We took it off the market. What buyers hold of it can still be burned.';
    case 'withdrawn':
      return `The seller withdrew what was not sold${on}. What buyers hold of it can still be burned.`;
    case 'expired':
      return `Its credit expires too soon to be sold, so selling has ended${on}. What buyers hold of it can be burned until the day before it expires.`;
    case 'paused':
      return 'The seller has paused it. What buyers hold of it can still be burned.';
    default:
      return listing.reservedNano > 0n
        ? 'What is left is reserved in open checkouts. If one is not paid, it comes back on sale.'
        : 'What buyers hold of it can still be burned.';
  }
}

/** "$300.00 of $580.00 sold, $20.00 reserved in open checkouts": what is withdrawn or reserved is not sold. */
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
