import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { loadSimulator, type SeededBug } from './load';
import { seedStatement, type SeededStatement } from './seed-statement';
import { openSettlement, type Settlement } from './settlement';
import { simulate, type SimulationFailed } from './simulate';

/** At least one of this many seeds must find each bug. */
const STEPS = 40;
const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);

interface Bug {
  name: string;
  finds: RegExp;
  /** Where the bug goes: a source file, or a database function. */
  source?: SeededBug;
  statement?: SeededStatement;
}

const bugs: Bug[] = [
  {
    name: 'a posting is skipped: a refund that was made does not leave the book',
    source: {
      file: 'app/modules/payments/refund-store.server.ts',
      text: 'if (moved) await post(tx, refundSettled(',
      instead: 'if (!moved) await post(tx, refundSettled(',
    },
    finds: /invariant “1 what stands on clearing is what is on its way to a card” is broken by refund_clearing/,
  },
  {
    name: 'a reservation is given back by our own clock, without asking Stripe',
    source: {
      file: 'app/workflows/paying/sweep-checkouts.server.ts',
      text: 'const state = await confirmPayment(ctx, checkout.id);',
      instead: `if (checkout.expiresAt <= ctx.now) {
        const { closeCheckout } = await import('./close-checkout.server');
        await closeCheckout(ctx, checkout, 'expired');
        return 1;
      }
      const state = await confirmPayment(ctx, checkout.id);`,
    },
    finds: /invariant “a checkout ends only when Stripe takes no money for it” is broken by /,
  },
  {
    name: 'burns are counted by a row that is newer than the one that is checked',
    source: {
      file: 'app/modules/metering/burn-store.server.ts',
      text: 'least(u.burned_nano, d.burned_nano)',
      instead: 'u.burned_nano',
    },
    finds: /check constraint "daily_burns_counted"/,
  },
  {
    name: 'what a run cost is captured twice',
    statement: {
      named: 'settle_runs',
      text: 'captured_nano = a.captured_nano + s.captured,\n      available_nano = a.available_nano +',
      instead: 'captured_nano = a.captured_nano + 2 * s.captured,\n      available_nano = a.available_nano - s.captured +',
    },
    finds: /invariant “5 what a grant authorized and captured is what its runs say”|check constraint "grants_(not_negative|quantity)"/,
  },
];

let settlement: Settlement;
beforeAll(async () => {
  settlement = await openSettlement(inject('postgres'));
});
afterAll(() => settlement.drop());

describe.each(bugs)('$name', (bug) => {
  it('is found under the right rule, and the same seed passes without the bug', async () => {
    const place = bug.statement ? await openSettlement(inject('postgres')) : settlement;
    if (bug.statement) await seedStatement(place, bug.statement);
    const { simulator, close } = await loadSimulator(bug.source);
    const found = await firstFailure((seed) => simulator.simulate(place, { seed, steps: STEPS }), simulator.SimulationFailed);
    await close();
    if (place !== settlement) await place.drop();
    expect(found?.message).toMatch(bug.finds);
    expect(found?.message).toContain(`Again: npm run sim -- --seed ${found?.seed} --steps ${STEPS}`);
    process.stdout.write(`\n${bug.name}: ${found?.message.split('\n', 1)[0]}\n`);
    await simulate(settlement, { seed: found?.seed ?? 0, steps: STEPS });
  });
});

it('a seeded bug that no longer matches the source is an error', async () => {
  const gone = { file: 'app/workflows/paying/sweep-checkouts.server.ts', text: 'this text is not there', instead: '' };
  await expect(loadSimulator(gone)).rejects.toThrow('no longer says');
  await expect(seedStatement(settlement, { named: 'settle_runs', text: gone.text, instead: '' })).rejects.toThrow('no longer says');
});

async function firstFailure(run: (seed: number) => Promise<void>, kind: typeof SimulationFailed) {
  for (const seed of SEEDS) {
    const failure = await run(seed).catch((error: unknown) => error);
    if (failure === undefined) continue;
    if (failure instanceof kind) return { seed, message: failure.message };
    throw failure;
  }
  return null;
}
