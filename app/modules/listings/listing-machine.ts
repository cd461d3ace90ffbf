import { listingStates } from '~db/words';
import type { TransitionTable } from '~/platform/transitions';

export { listingStates };
export type ListingState = (typeof listingStates)[number];
export type ListingRole = 'seller' | 'admin' | 'system';

const notFinal = ['draft', 'in_review', 'needs_info', 'rejected', 'active', 'paused', 'suspended'] as const;

/** Final states: nothing is sold and no step leads out. Buyers' grants keep working. */
export const finalListingStates = ['failed', 'withdrawn', 'expired'] as const satisfies readonly ListingState[];
/** States in which returned quantity goes back on sale. */
export const sellingListingStates = ['active', 'paused'] as const satisfies readonly ListingState[];

/** States in which available and reserved quantity counts towards a new seller's cap. */
export const cappedListingStates = ['in_review', 'needs_info', 'active', 'paused'] as const satisfies readonly ListingState[];

/** Every step of a listing (docs/design.md#states). Commands and buttons ask this table. */
export const listingTransitions = {
  submit: { from: ['draft', 'rejected'], to: 'in_review', by: ['seller'] },
  ask: { from: ['in_review'], to: 'needs_info', by: ['admin'] },
  answer: { from: ['needs_info'], to: 'in_review', by: ['seller'] },
  /** The admin needs no answer any more. */
  take_back: { from: ['needs_info'], to: 'in_review', by: ['admin'] },
  approve: { from: ['in_review'], to: 'active', by: ['admin'] },
  reject: { from: ['in_review', 'needs_info'], to: 'rejected', by: ['admin'] },
  pause: { from: ['active'], to: 'paused', by: ['seller', 'system'] },
  resume: { from: ['paused'], to: 'active', by: ['seller', 'system'] },
  suspend: { from: ['active', 'paused'], to: 'suspended', by: ['admin'] },
  /** Back to the state before the suspension. */
  reinstate: { from: ['suspended'], to: 'active', by: ['admin'] },
  reinstate_paused: { from: ['suspended'], to: 'paused', by: ['admin'] },
  fail: { from: ['active', 'paused', 'suspended'], to: 'failed', by: ['system'] },
  withdraw: { from: notFinal, to: 'withdrawn', by: ['seller'] },
  /** Nobody worked on it for a while (policy: idleDays). */
  lapse: { from: ['draft', 'needs_info', 'rejected'], to: 'withdrawn', by: ['system'] },
  /** The credit expires soon (policy: minDaysLeft). */
  expire: { from: notFinal, to: 'expired', by: ['system'] },
} as const satisfies TransitionTable<ListingState, ListingRole>;

export type ListingStep = keyof typeof listingTransitions;

export function isFinal(state: ListingState): boolean {
  return (finalListingStates as readonly ListingState[]).includes(state);
}

/** The displayed state: an active listing with nothing left to sell is sold out. */
export function shownState(listing: { state: ListingState; availableNano: bigint; reservedNano: bigint }): ListingState | 'sold_out' {
  return listing.state === 'active' && listing.availableNano + listing.reservedNano === 0n ? 'sold_out' : listing.state;
}
