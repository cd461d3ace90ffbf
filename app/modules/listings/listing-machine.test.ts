import { describe, expect, it } from 'vitest';
import { canTake } from '~/platform/transitions';
import { finalListingStates, isFinal, listingStates, listingTransitions, shownState, type ListingState } from './listing-machine';

const steps = Object.entries(listingTransitions);
const leads = (state: ListingState, by?: string) =>
  steps
    .filter(([, rule]) => (rule.from as readonly string[]).includes(state) && (!by || (rule.by as readonly string[]).includes(by)))
    .map(([, rule]) => rule.to);

describe('the listing’s states', () => {
  it('are all reachable from draft', () => {
    const seen = new Set<ListingState>(['draft']);
    for (const state of seen) leads(state).forEach((next) => seen.add(next));
    expect([...seen].sort()).toEqual([...listingStates].sort());
  });

  it('have a way out that needs no seller, unless they are final', () => {
    for (const state of listingStates) {
      const ways = [...leads(state, 'system'), ...leads(state, 'admin')].filter((next) => next !== state);
      expect(ways.length > 0, state).toBe(!isFinal(state));
    }
  });

  it('lead nowhere once final', () => {
    for (const state of finalListingStates) expect(leads(state)).toEqual([]);
  });

  it('let the seller withdraw from anything that is not final', () => {
    for (const state of listingStates) expect(canTake(listingTransitions, 'withdraw', state, 'seller')).toBe(!isFinal(state));
  });

  it('let nobody but an admin onto the market', () => {
    expect(canTake(listingTransitions, 'approve', 'in_review', 'admin')).toBe(true);
    expect(canTake(listingTransitions, 'approve', 'in_review', 'seller')).toBe(false);
    expect(leads('in_review', 'seller')).toEqual(['withdrawn']);
  });

  it('read sold out when an active listing has nothing left', () => {
    const listing = { state: 'active' as const, availableNano: 0n, reservedNano: 0n };
    expect(shownState(listing)).toBe('sold_out');
    expect(shownState({ ...listing, reservedNano: 1n })).toBe('active');
    expect(shownState({ ...listing, state: 'paused' })).toBe('paused');
  });
});
