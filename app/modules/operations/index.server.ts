export { recordInvariant, type InvariantOutcome } from './invariant-checks.server';
export { removeHeartbeat, recordHeartbeat } from './workers.server';
