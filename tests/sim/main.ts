import { parseArgs } from 'node:util';
import { migrateDatabase } from '~db/migrations.server';
import { toAppUrl } from '~tests/setup/clone';
import { startTestPostgres } from '~tests/setup/postgres-global';
import { newCoverage, openSettlement, simulate, SimulationFailed } from './simulator';

/** `npm run sim -- --seed N --steps M [--seeds K] [--quiet]`: K runs from seed N on, each step in words. Returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const options = { seed: { type: 'string' }, steps: { type: 'string' }, seeds: { type: 'string' }, quiet: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args, options });
  const [first, steps, seeds] = [whole(values.seed, 1), whole(values.steps, 60), whole(values.seeds, 1)];
  const postgres = await startTestPostgres();
  try {
    const owner = postgres.url('template_market');
    await migrateDatabase(owner, { appUrl: toAppUrl(owner) });
    const settlement = await openSettlement({ adminUrl: postgres.url(), template: 'template_market' });
    const coverage = newCoverage();
    const say = (line: string) => void (values.quiet || process.stdout.write(`${line}\n`));
    for (let seed = first; seed < first + seeds; seed += 1) {
      const from = performance.now();
      await simulate(settlement, { seed, steps, coverage, say });
      process.stdout.write(`seed ${seed}: ${steps} steps, all rules hold, ${((performance.now() - from) / 1_000).toFixed(1)} s\n`);
    }
    process.stdout.write(`\n${coverage.print()}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`\n${error instanceof SimulationFailed ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  } finally {
    await postgres.stop();
  }
}

function whole(text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`“${text}” is not a whole number.`);
  return Number(text);
}
