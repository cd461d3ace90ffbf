import { formatDate } from '~/platform/dates';
import { lotName } from '~/platform/lot-name';
import { formatNano, formatPercent } from '~/platform/money';
import { composeMail } from '../mail-letter';

const because = 'You get this mail because you sell credit at Credit Mart.';

export interface MailedListing {
  faceNano: bigint;
  listedNano: bigint;
  availableNano: bigint;
  discountBps: number;
  creditExpiresAt: Date;
}

function describeLot(listing: MailedListing): string {
  return `your lot ${lotName(listing)}`;
}

function lotFacts(listing: MailedListing): [string, string][] {
  return [
    ['Face value', formatNano(listing.faceNano)],
    ['Sellable', formatNano(listing.listedNano)],
    ['Discount', formatPercent(listing.discountBps)],
    ['Credit expires on', formatDate(listing.creditExpiresAt)],
  ];
}

export function listingApprovedMail({ listing, url }: { listing: MailedListing; url: string }) {
  return composeMail({
    kind: 'listing.approved',
    subject: `On sale: ${lotName(listing)}`,
    title: `${formatNano(listing.availableNano)} is on sale`,
    paragraphs: ['Your listing was approved and is on the market now. The money buyers pay becomes yours as they burn the credit.'],
    facts: lotFacts(listing),
    action: { label: 'Open the listing', url },
    after: ['Do not spend the listed credit elsewhere and leave the token valid: a lot that cannot deliver is refunded to its buyers.'],
    because,
  });
}

interface Waiting {
  listing: MailedListing;
  /** After so many days without its seller it is withdrawn (policy). */
  idleDays: number;
  url: string;
}

export function listingQuestionMail({ listing, question, idleDays, url }: Waiting & { question: string }) {
  return composeMail({
    kind: 'listing.question',
    subject: 'A question about your listing',
    title: 'A question about your listing',
    paragraphs: [`Before we decide on ${describeLot(listing)}, please answer this:`, question],
    action: { label: 'Answer', url },
    after: [`The listing waits for you. Without an answer it is withdrawn after ${idleDays} days.`],
    because,
  });
}

export function listingQuestionTakenBackMail({ listing, url }: { listing: MailedListing; url: string }) {
  return composeMail({
    kind: 'listing.question_taken_back',
    subject: 'No answer is needed any more',
    title: 'No answer is needed any more',
    paragraphs: [`We took back our question about ${describeLot(listing)}. You need not do anything: the listing waits for our decision.`],
    action: { label: 'Open the listing', url },
    because,
  });
}

export function listingRejectedMail({ listing, reason, note, idleDays, url }: Waiting & { reason: string; note: string }) {
  return composeMail({
    kind: 'listing.rejected',
    subject: 'Your listing was not approved',
    title: 'Your listing was not approved',
    paragraphs: [`The lot: ${lotName(listing)}. ${reason}.`, note],
    action: { label: 'Change it and submit again', url },
    after: [`If you do nothing, it is withdrawn and its token destroyed after ${idleDays} days.`],
    because,
  });
}

export function raiseApprovedMail({ listing, url }: { listing: MailedListing; url: string }) {
  return composeMail({
    kind: 'listing.raise_approved',
    subject: `Raised to ${formatNano(listing.faceNano)}`,
    title: `The face value is ${formatNano(listing.faceNano)} now`,
    paragraphs: [`${formatNano(listing.availableNano)} of the listing can be bought at ${formatPercent(listing.discountBps)} off.`],
    facts: lotFacts(listing),
    action: { label: 'Open the listing', url },
    because,
  });
}

export function raiseRejectedMail({
  listing,
  toNano,
  reason,
  note,
  url,
}: {
  listing: MailedListing;
  toNano: bigint;
  reason: string;
  note: string;
  url: string;
}) {
  return composeMail({
    kind: 'listing.raise_rejected',
    subject: 'The face value was not raised',
    title: 'The face value was not raised',
    paragraphs: [
      `You asked for ${formatNano(toNano)}. ${reason}.`,
      note,
      `Nothing changes for ${describeLot(listing)}: what is on sale stays on sale.`,
    ],
    action: { label: 'Open the listing', url },
    because,
  });
}

export function listingSuspendedMail({ listing, note, url }: { listing: MailedListing; note: string; url: string }) {
  return composeMail({
    kind: 'listing.suspended',
    subject: 'Your listing was suspended',
    title: 'Your listing was suspended',
    paragraphs: [
      `It is no longer on sale: ${lotName(listing)}.`,
      note,
      'Credit already bought from this lot keeps working, and you earn as buyers burn it, as before. Leave the token valid.',
    ],
    action: { label: 'Open the listing', url },
    because,
  });
}

export function listingReinstatedMail({ listing, paused, url }: { listing: MailedListing; paused: boolean; url: string }) {
  return composeMail({
    kind: 'listing.reinstated',
    subject: 'Your listing may go on',
    title: 'Your listing may go on',
    paragraphs: [
      `The suspension of ${describeLot(listing)} was lifted.`,
      paused ? 'It is paused, as it was before.' : 'It is on sale again.',
    ],
    action: { label: 'Open the listing', url },
    because,
  });
}

export function listingEndedMail({ listing, why, url }: { listing: MailedListing; why: 'expired' | 'lapsed'; url: string }) {
  const told =
    why === 'expired'
      ? 'Its credit expires too soon to be sold, so selling has ended.'
      : 'It waited for you for too long, so it was withdrawn.';
  return composeMail({
    kind: `listing.${why}`,
    subject: why === 'expired' ? 'Selling has ended for your listing' : 'Your listing was withdrawn',
    title: why === 'expired' ? 'Selling has ended' : 'Your listing was withdrawn',
    paragraphs: [
      `The lot: ${lotName(listing)}. ${told}`,
      'Credit already bought from this lot keeps working. The sealed token is destroyed once nothing on the listing is open.',
    ],
    action: { label: 'Open the listing', url },
    because,
  });
}
