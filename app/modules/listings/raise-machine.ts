import type { TransitionTable } from '~/platform/transitions';
import type { ListingRole } from './listing-machine';

export const raiseStates = ['none', 'waiting'] as const;
export type RaiseState = (typeof raiseStates)[number];

/**
 * A higher face value, requested by the seller. While it waits for an admin the listing keeps its state and stays on sale. It ends with
 * the listing.
 */
export const raiseTransitions = {
  ask_raise: { from: ['none'], to: 'waiting', by: ['seller'] },
  take_back_raise: { from: ['waiting'], to: 'none', by: ['seller'] },
  approve_raise: { from: ['waiting'], to: 'none', by: ['admin'] },
  reject_raise: { from: ['waiting'], to: 'none', by: ['admin'] },
  end_raise: { from: ['waiting'], to: 'none', by: ['system'] },
} as const satisfies TransitionTable<RaiseState, ListingRole>;

export type RaiseStep = keyof typeof raiseTransitions;

export function raiseState(listing: { raiseToNano: bigint | null }): RaiseState {
  return listing.raiseToNano === null ? 'none' : 'waiting';
}
