export { recordInvariant, type InvariantOutcome } from './invariant-checks.server';
export { forgetWorker, noteWorker } from './workers.server';
