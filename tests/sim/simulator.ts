/** What runs from outside the module graph that is simulated. */
export { simulate, newCoverage, SimulationFailed, type Run } from './simulate';
export { openSettlement, type Settlement } from './settlement';
