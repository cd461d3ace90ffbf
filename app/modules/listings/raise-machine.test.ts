import { expect, it } from 'vitest';
import { canTake } from '~/platform/transitions';
import { raiseState, raiseStates, raiseTransitions } from './raise-machine';

it('a raise waits until its seller, an admin or the end of the listing decides', () => {
  const steps = Object.values(raiseTransitions);
  expect(new Set(steps.map(({ to }) => to))).toEqual(new Set(raiseStates));
  const out = steps.filter(({ from }) => (from as readonly string[]).includes('waiting')).flatMap(({ by }) => by);
  expect(new Set(out)).toEqual(new Set(['seller', 'admin', 'system']));
  expect(canTake(raiseTransitions, 'approve_raise', 'waiting', 'seller')).toBe(false);
  expect([raiseState({ raiseToNano: null }), raiseState({ raiseToNano: 1n })]).toEqual(['none', 'waiting']);
});
