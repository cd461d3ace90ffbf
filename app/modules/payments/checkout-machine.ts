import type { checkoutStates } from '~db/schema';
import type { TransitionTable } from '~/platform/transitions';

export type CheckoutState = (typeof checkoutStates)[number];

/** A checkout ends only on Stripe's word: its session has expired, or never existed. Our clock alone ends nothing. */
export const checkoutTransitions = {
  open: { from: ['starting'], to: 'open', by: ['system'] },
  pay: { from: ['starting', 'open'], to: 'paid', by: ['system'] },
  expire: { from: ['starting', 'open'], to: 'expired', by: ['system'] },
  /** A payment arrived after the checkout had ended: it is booked and refunded in full. */
  payLate: { from: ['expired', 'canceled'], to: 'paid', by: ['system'] },
  cancel: { from: ['starting', 'open'], to: 'canceled', by: ['buyer', 'system'] },
} as const satisfies TransitionTable<CheckoutState, 'buyer' | 'system'>;

export type CheckoutStep = keyof typeof checkoutTransitions;

export function isEnded(state: CheckoutState): state is 'expired' | 'canceled' {
  return state === 'expired' || state === 'canceled';
}
