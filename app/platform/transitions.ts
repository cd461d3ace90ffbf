import { conflict } from './errors';

/** A state machine as data: per step, the states it leaves, the one it enters, and who may take it. */
export type TransitionTable<State extends string, Role extends string> = Record<
  string,
  { readonly from: readonly State[]; readonly to: State; readonly by: readonly Role[] }
>;

/** Whether a role may take a step from a state. Buttons and commands both ask this. */
export function canTake<State extends string, Role extends string>(
  table: TransitionTable<State, Role>,
  step: string,
  state: State,
  role: Role,
): boolean {
  const rule = table[step];
  return rule !== undefined && rule.from.includes(state) && rule.by.includes(role);
}

/** The state that a step leads to. @throws DomainError 409 when the step is closed. */
export function nextState<State extends string, Role extends string>(
  table: TransitionTable<State, Role>,
  step: string,
  state: State,
  role: Role,
): State {
  const rule = table[step];
  if (!rule || !canTake(table, step, state, role)) {
    throw conflict('wrong_state', `This is ${state.replaceAll('_', ' ')} now, so that step is closed. Reload to see where it stands.`, {
      state,
    });
  }
  return rule.to;
}
