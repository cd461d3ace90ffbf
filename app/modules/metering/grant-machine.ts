import type { grantStates } from '~db/schema';
import type { TransitionTable } from '~/platform/transitions';

export type GrantState = (typeof grantStates)[number];

/** A buyer's right to burn one lot. All steps are the system's: none waits for buyer or seller. */
export const grantTransitions = {
  freeze: { from: ['open'], to: 'frozen', by: ['system'] },
  thaw: { from: ['frozen'], to: 'open', by: ['system'] },
  exhaust: { from: ['open', 'frozen'], to: 'exhausted', by: ['system'] },
  end: { from: ['open', 'frozen'], to: 'ended', by: ['system'] },
  fail: { from: ['open', 'frozen'], to: 'failed', by: ['system'] },
} as const satisfies TransitionTable<GrantState, 'system'>;
