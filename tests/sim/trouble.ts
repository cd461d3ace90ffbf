import type { Action, Sim } from './sim';

/** A fault of Stripe, Replicate or the network during one step. */
export interface Trouble {
  name: string;
  arm(sim: Sim): void;
  /** Whether a call met the fault. */
  struck(sim: Sim): boolean;
}

type StripeFault = Parameters<Sim['world']['stripe']['control']['addFault']>[0];
type Behaviour = Parameters<Sim['world']['replicate']['control']['addBehaviour']>[0];

function atStripe(name: string, fault: StripeFault): Trouble {
  const times = fault.times ?? 1;
  return {
    name: `Stripe: ${name}`,
    arm: ({ world }) => void world.stripe.control.addFault(fault),
    struck: ({ world }) => (world.stripe.control.faults().find(({ kind }) => kind === fault.kind)?.times ?? 0) < times,
  };
}

function atReplicate(behaviour: Behaviour): Trouble {
  const { kind, on = 'create' } = behaviour;
  return {
    name: `Replicate: ${kind} on ${on}`,
    arm: ({ world }) => void world.replicate.control.addBehaviour(behaviour),
    struck: ({ world }) => world.replicate.control.behaviours().length === 0,
  };
}

// The SDK retries once by itself, so the fault must happen twice for the application to see it.
const ofStripe: Trouble[] = [
  atStripe('no connection', { kind: 'drop_before', times: 2 }),
  atStripe('the answer is lost', { kind: 'drop_after', times: 2 }),
  atStripe('one answer is lost', { kind: 'drop_after', times: 1 }),
  atStripe('500', { kind: '500', times: 2 }),
  atStripe('502 as HTML', { kind: '502', times: 2 }),
  atStripe('429', { kind: '429', times: 2 }),
];

const ofCreates: Trouble[] = (
  [
    'http_401',
    'http_402',
    'http_429',
    'http_429_low_credit',
    'http_500',
    'drop_before',
    'accept_then_reset',
    'fail',
    'fail_with_predict_time',
    'abort',
    'no_metrics',
    'late_metrics',
    'early_output',
    'hang',
  ] as const
).map((kind) => atReplicate({ kind }));

const ofLooks: Trouble[] = (['http_401', 'http_429', 'http_500', 'drop_before'] as const).map((kind) => atReplicate({ kind, on: 'get' }));
const ofLists: Trouble[] = (['http_500', 'drop_before'] as const).map((kind) => atReplicate({ kind, on: 'list' }));
const ofAccounts: Trouble[] = (['http_402', 'http_500', 'drop_before'] as const).map((kind) => atReplicate({ kind, on: 'account' }));
const ofCancels: Trouble[] = [atReplicate({ kind: 'drop_before', on: 'cancel' })];

const byAction: Record<string, Trouble[]> = {
  'list credit': ofAccounts,
  'answer the review': ofAccounts,
  'replace the token': ofAccounts,
  'cancel a run': ofCancels,
  'look at a run': ofLooks,
  "Replicate's webhooks come": ofLooks,
  "Replicate's webhook comes twice at once": ofLooks,
  'look after open runs': ofLooks,
  'look for a lost run': ofLists,
};

export const allTroubles = [...ofStripe, ...ofCreates, ...ofLooks, ...ofLists, ...ofAccounts, ...ofCancels];

/** The faults that can happen during an action. */
export function possibleTroubles(action: Action): readonly Trouble[] {
  if (action.calls === 'stripe') return ofStripe;
  if (action.calls === 'replicate') return byAction[action.name] ?? ofCreates;
  return [];
}

/** Removes the fault, so that it does not reach the next step. */
export function clearTrouble(sim: Sim): void {
  if (!sim.down.has('stripe')) sim.world.stripe.control.clearFaults();
  sim.world.replicate.control.clearBehaviours();
}
