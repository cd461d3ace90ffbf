import { formatDateTime } from '~/platform/dates';
import { lotName, type NamedLot } from '~/platform/lot-name';
import { formatNano } from '~/platform/money';
import { composeMail } from '../mail-letter';

const sellersReason = 'You get this mail because this is your listing; it cannot be switched off.';
const buyersReason = 'You get this mail because you hold credit of this lot; it cannot be switched off.';

interface LotFacts {
  /** "Replicate refuses the seller’s token". */
  what: string;
  mendUntilAt: Date;
  url: string;
}

/** To the seller: what is wrong, what to do, and until when. */
export function lotPausedForSeller({ lot, what, mend, mendUntilAt, url }: LotFacts & { lot: NamedLot; mend: string }) {
  return composeMail({
    kind: 'lot.paused_seller',
    subject: `Your lot stopped delivering: mend it by ${formatDateTime(mendUntilAt)}`,
    title: 'Your lot stopped delivering',
    paragraphs: [
      `We paused your listing because ${what.replace('the seller’s', 'your')}. Nothing is sold or burned from it until it works again.`,
      mend,
    ],
    facts: [
      ['Lot', lotName(lot)],
      ['Time to mend it', `until ${formatDateTime(mendUntilAt)}`],
    ],
    action: { label: 'Open the listing', url },
    after: ['After that the lot has failed: what buyers have not burned is refunded to them, and you keep what was burned.'],
    because: sellersReason,
  });
}

/** To each buyer: nothing is lost, and the refund is available at once. */
export function lotPausedForBuyer({ what, creditNano, mendUntilAt, url }: LotFacts & { creditNano: bigint }) {
  return composeMail({
    kind: 'lot.paused_buyer',
    subject: 'A lot in your wallet is paused',
    title: 'A lot in your wallet is paused',
    paragraphs: [
      `The lot behind your ${formatNano(creditNano)} of credit is paused because ${what}. Runs use the other grants of your wallet meanwhile.`,
      `The seller has until ${formatDateTime(mendUntilAt)} to mend it. If it is not mended, the part you have not burned is refunded to your card. You do not have to do anything.`,
    ],
    action: { label: 'See it, or take the refund now', url },
    because: buyersReason,
  });
}

export function lotMendedForBuyer({ creditNano, url }: { creditNano: bigint; url: string }) {
  return composeMail({
    kind: 'lot.mended_buyer',
    subject: 'The paused lot works again',
    title: 'The paused lot works again',
    paragraphs: [`Your ${formatNano(creditNano)} of credit can be burned again. Your key and base URL stay the same.`],
    action: { label: 'Open the purchase', url },
    because: buyersReason,
  });
}

export function lotMendedForSeller({ lot, url }: { lot: NamedLot; url: string }) {
  return composeMail({
    kind: 'lot.mended_seller',
    subject: 'Your lot works again',
    title: 'Your lot works again',
    paragraphs: ['The pause is lifted. Buyers burn from your lot again.'],
    facts: [['Lot', lotName(lot)]],
    action: { label: 'Open the listing', url },
    because: sellersReason,
  });
}

export function lotFailedForSeller({ lot, what, url }: { lot: NamedLot; what: string; url: string }) {
  return composeMail({
    kind: 'lot.failed_seller',
    subject: 'Your lot has failed',
    title: 'Your lot has failed',
    paragraphs: [
      `It was not mended in time (${what.replace('the seller’s', 'your')}). The listing has ended and what buyers had not burned is refunded to them.`,
      'You keep your part of what was burned before.',
    ],
    facts: [['Lot', lotName(lot)]],
    action: { label: 'Open the listing', url },
    because: sellersReason,
  });
}
