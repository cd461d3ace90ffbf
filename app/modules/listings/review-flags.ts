import { daysBetween } from '~/platform/dates';

interface Flagged {
  state: string;
  /** 4 once enough of the seller's was burned without a failure. */
  level: number;
  sellerFailedLots: number;
  discountBps: number;
  creditExpiresAt: Date;
  /** The seller has answered a question; it was rejected before. */
  answered: boolean;
  rejected: boolean;
}

const deepDiscountBps = 6_000;
const soonDays = 30;

/** Risks that an admin should notice, as words for badges. */
export function reviewFlags(listing: Flagged, now: Date): string[] {
  const flags: [boolean, string][] = [
    [listing.sellerFailedLots > 0, 'Failed before'],
    [listing.level < 4, 'New seller'],
    [listing.discountBps >= deepDiscountBps, 'Deep discount'],
    [daysBetween(now, listing.creditExpiresAt) < soonDays, 'Expires soon'],
    // Both are about the review that is open now: a raise later on has none of its own.
    [listing.state === 'in_review' && listing.answered, 'Answered'],
    [listing.state === 'in_review' && listing.rejected, 'Submitted again'],
  ];
  return flags.filter(([holds]) => holds).map(([, word]) => word);
}
