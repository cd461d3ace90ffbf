import { expect, it } from 'vitest';
import { checkoutStates } from '~db/schema';
import { checkoutTransitions } from './checkout-machine';

const steps = Object.values(checkoutTransitions);

it('reaches every state from starting, and never leaves a final one', () => {
  const reached = new Set<string>(['starting', ...steps.map((step) => step.to)]);
  expect([...reached].sort()).toEqual([...checkoutStates].sort());
  for (const state of checkoutStates) {
    const leaves = steps.some((step) => (step.from as readonly string[]).includes(state));
    expect(leaves).toBe(state !== 'paid');
  }
});
