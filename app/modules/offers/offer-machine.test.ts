import { describe, expect, it } from 'vitest';
import { offerStates, offerTransitions } from './offer-machine';

const steps = Object.values(offerTransitions);

describe('the offer machine', () => {
  it('reaches every state', () => {
    const reached = new Set<string>(['open', ...steps.map((step) => step.to)]);
    expect(offerStates.filter((state) => !reached.has(state))).toEqual([]);
  });

  it('gives every state that is not final a way out that needs neither buyer nor seller', () => {
    for (const state of ['open', 'accepted']) {
      expect(steps.some((step) => step.from.some((from) => from === state) && step.by.some((role) => role === 'system'))).toBe(true);
    }
  });
});
