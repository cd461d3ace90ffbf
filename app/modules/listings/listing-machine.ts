import { listingStates } from '~db/words';
import type { TransitionTable } from '~/platform/transitions';

export { listingStates };
export type ListingState = (typeof listingStates)[number];
export type ListingRole = 'seller' | 'admin' | 'system';

const notFinal = ['draft', 'in_review', 'needs_info', 'rejected', 'active', 'paused', 'suspended'] as const;

/** In these nothing is sold any more and no step leads out. Grants that buyers hold run on. */
export const finalListingStates = ['failed', 'withdrawn', 'expired'] as const satisfies readonly ListingState[];
/** In these units that come back return to the market. */
export const sellingListingStates = ['active', 'paused'] as const satisfies readonly ListingState[];

/** What is available or reserved in these counts towards the cap of a new seller. */
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
  /** Back to where it stood when it was suspended. */
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

/** What people see: an active listing with nothing left to sell is sold out. */
export function shownState(listing: { state: ListingState; availableNano: bigint; reservedNano: bigint }): ListingState | 'sold_out' {
  return listing.state === 'active' && listing.availableNano + listing.reservedNano === 0n ? 'sold_out' : listing.state;
}
