import type { TransitionTable } from '~/platform/transitions';

export type RunState = 'authorized' | 'unknown' | 'captured' | 'voided';

/** One prediction's money: set aside, then taken or given back. `unknown`: it was sent, and its answer was lost. */
export const runTransitions = {
  lose: { from: ['authorized'], to: 'unknown', by: ['system'] },
  capture: { from: ['authorized', 'unknown'], to: 'captured', by: ['system'] },
  void: { from: ['authorized', 'unknown'], to: 'voided', by: ['system'] },
} as const satisfies TransitionTable<RunState, 'system'>;
