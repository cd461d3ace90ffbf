import { describe, expect, it } from 'vitest';
import { transactionStates } from '~db/schema';
import { finalTransactionStates, transactionTransitions } from './transaction-machine';

const steps = Object.values(transactionTransitions);
const isFinal = (state: string) => (finalTransactionStates as readonly string[]).includes(state);

describe('the states of a transaction', () => {
  it('can all be reached from awaiting_payment', () => {
    const reached = new Set<string>(['awaiting_payment']);
    for (let round = 0; round < transactionStates.length; round++) {
      for (const step of steps) if (step.from.some((state) => reached.has(state))) reached.add(step.to);
    }
    expect([...reached].sort()).toEqual([...transactionStates].sort());
  });

  it('each have a system step out, except the final ones', () => {
    for (const state of transactionStates) {
      const ways = steps.filter((step) => (step.from as readonly string[]).includes(state));
      if (isFinal(state)) expect(ways).toEqual([]);
      else expect(ways.some((step) => (step.by as readonly string[]).includes('system') && step.to !== state)).toBe(true);
    }
  });
});
