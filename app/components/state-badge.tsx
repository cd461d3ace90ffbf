import { Badge, type BadgeTone } from './ui/badge';

type Words = Record<string, readonly [label: string, tone?: BadgeTone]>;

/** Plain words for the states of each thing. A state missing here is shown as it is, in the neutral tone. */
const words = {
  listing: {
    draft: ['Draft'],
    in_review: ['In review'],
    needs_info: ['Needs information'],
    rejected: ['Rejected', 'fail'],
    active: ['Active', 'ink'],
    sold_out: ['Sold out'],
    paused: ['Paused'],
    suspended: ['Suspended', 'fail'],
    failed: ['Failed', 'fail'],
    withdrawn: ['Withdrawn'],
    expired: ['Expired'],
  },
  transaction: {
    awaiting_payment: ['Awaiting payment'],
    delivered: ['Delivered', 'ink'],
    frozen: ['Frozen', 'fail'],
    completed: ['Completed'],
    refunded: ['Refunded'],
    covered: ['Covered'],
    expired: ['Expired'],
    canceled: ['Canceled'],
  },
  checkout: { starting: ['Opening'], open: ['Awaiting payment'], paid: ['Paid'], expired: ['Expired'], canceled: ['Canceled'] },
  grant: { open: ['Open', 'ink'], frozen: ['Frozen', 'fail'], exhausted: ['Exhausted'], ended: ['Ended'], failed: ['Failed', 'fail'] },
  run: {
    authorized: ['Running', 'ink'],
    starting: ['Starting', 'ink'],
    processing: ['Running', 'ink'],
    unknown: ['Checking'],
    captured: ['Burned'],
    voided: ['Not charged'],
    succeeded: ['Succeeded'],
    failed: ['Failed', 'fail'],
    canceled: ['Canceled'],
  },
  offer: {
    open: ['Open', 'ink'],
    accepted: ['Accepted', 'ink'],
    declined: ['Declined'],
    withdrawn: ['Withdrawn'],
    expired: ['Expired'],
    purchased: ['Purchased'],
    lapsed: ['Lapsed'],
  },
  refund: { requested: ['Refund requested'], succeeded: ['Refunded'], failed: ['Refund failed', 'fail'] },
} as const satisfies Record<string, Words>;

export type StateKind = keyof typeof words;

/** "needs_info" → "Needs information"; for a sentence or a select. */
export function stateWord(kind: StateKind, state: string): string {
  const known: Words = words[kind];
  return known[state]?.[0] ?? sentenceCase(state);
}

function sentenceCase(state: string): string {
  const text = state.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The state of a thing as a badge: outline = a state, ink = live, red = failed. */
export function StateBadge({ kind, state }: { kind: StateKind; state: string }) {
  const known: Words = words[kind];
  return <Badge tone={known[state]?.[1] ?? 'neutral'}>{stateWord(kind, state)}</Badge>;
}
