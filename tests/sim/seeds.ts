import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { newCoverage, simulate } from './simulate';
import { openSettlement, type Settlement } from './settlement';

export const STEPS = 25;
/** Rare actions may be missing by chance. So many further seeds look for them and must find them. */
const FURTHER = 15;

/** Runs half of the hundred seeds in one worker, beside the other half. Each half must cover everything. */
export function runSeeds(from: number, to: number): void {
  let settlement: Settlement;
  const coverage = newCoverage();
  const run = (seed: number, seeking = false) => simulate(settlement, { seed, steps: STEPS, coverage, seeking });
  beforeAll(async () => {
    settlement = await openSettlement(inject('postgres'));
  });
  afterAll(() => settlement.drop());

  it.for(Array.from({ length: to - from + 1 }, (_, index) => from + index))('seed %i', (seed) => run(seed));

  it('did everything there is to do, and everything went wrong at least once', async () => {
    let further = 0;
    for (; further < FURTHER && coverage.missing().length > 0; further += 1) await run(from * 1_000 + further, true);
    process.stdout.write(`\nSeeds ${from} to ${to} and ${further} more, ${STEPS} steps each\n${coverage.print()}\n\n`);
    expect(coverage.missing()).toEqual([]);
  });
}
