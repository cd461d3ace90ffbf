import type { runStates } from '~db/schema';
import type { TransitionTable } from '~/platform/transitions';

export type RunState = (typeof runStates)[number];

/** The money of one prediction: reserved, then captured or given back. `unknown`: it was sent, and the answer was lost. */
export const runTransitions = {
  lose: { from: ['authorized'], to: 'unknown', by: ['system'] },
  capture: { from: ['authorized', 'unknown'], to: 'captured', by: ['system'] },
  void: { from: ['authorized', 'unknown'], to: 'voided', by: ['system'] },
} as const satisfies TransitionTable<RunState, 'system'>;
