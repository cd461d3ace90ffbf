/** What is called from outside the simulated module graph. */
export { simulate, newCoverage, SimulationFailed, type Run } from './simulate';
export { openSettlement, type Settlement } from './settlement';
