import type { TransitionTable } from '~/platform/transitions';

export const offerStates = ['open', 'accepted', 'countered', 'declined', 'withdrawn', 'expired', 'purchased', 'lapsed'] as const;
export type OfferState = (typeof offerStates)[number];
export type OfferRole = 'buyer' | 'seller' | 'system';

/** Every step of an offer (docs/design.md#states). `countered` belongs to trading and has no step here yet. */
export const offerTransitions = {
  accept: { from: ['open'], to: 'accepted', by: ['seller'] },
  decline: { from: ['open'], to: 'declined', by: ['seller'] },
  withdraw: { from: ['open'], to: 'withdrawn', by: ['buyer'] },
  expire: { from: ['open'], to: 'expired', by: ['system'] },
  purchase: { from: ['accepted'], to: 'purchased', by: ['system'] },
  /** Not paid in time, or the buyer canceled the checkout. */
  lapse: { from: ['accepted'], to: 'lapsed', by: ['system'] },
} as const satisfies TransitionTable<OfferState, OfferRole>;

export type OfferStep = keyof typeof offerTransitions;

const words: Record<OfferState, string> = {
  open: 'Open',
  accepted: 'Accepted, waiting for payment',
  countered: 'Countered',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  expired: 'Expired',
  purchased: 'Bought',
  lapsed: 'Not paid',
};

export function offerStateWord(state: OfferState): string {
  return words[state];
}
