import type { probeStates } from '~db/schema';
import type { TransitionTable } from '~/platform/transitions';

export type ProbeState = (typeof probeStates)[number];

/** A small run with a lot's token. `refused`: Replicate said that credit lacks. `dropped`: there is no token any more to try. */
export const probeTransitions = {
  start: { from: ['waiting'], to: 'running', by: ['system'] },
  retry: { from: ['waiting', 'running'], to: 'waiting', by: ['system'] },
  pass: { from: ['running'], to: 'passed', by: ['system'] },
  refuse: { from: ['waiting'], to: 'refused', by: ['system'] },
  drop: { from: ['waiting', 'running'], to: 'dropped', by: ['system'] },
} as const satisfies TransitionTable<ProbeState, 'system'>;
