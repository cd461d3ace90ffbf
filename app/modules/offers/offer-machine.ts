import type { TransitionTable } from '~/platform/transitions';

export const offerStates = ['open', 'accepted', 'declined', 'withdrawn', 'expired', 'purchased', 'lapsed'] as const;
export type OfferState = (typeof offerStates)[number];
export type OfferRole = 'buyer' | 'seller' | 'system';

/** Every step of an offer (docs/design.md#states). */
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
