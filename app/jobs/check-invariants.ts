import { recordInvariant } from '~/modules/operations/index.server';
import type { Ctx } from '~/platform/context';
import { invariants, type Invariant } from '~/invariants/check-invariants.server';
import { sweep } from './job';

/** Checks every invariant on the live database and records each result for the metrics. An error does not stop the rest. */
export const checkInvariantsSweep = sweep('check-invariants', 10 * 60, async (ctx) => {
  for (const invariant of invariants) await checkOne(ctx, invariant);
});

async function checkOne(ctx: Ctx, { rule, violations }: Invariant): Promise<void> {
  try {
    const subjects = await violations(ctx);
    if (subjects.length > 0) ctx.log.error({ rule, subjects }, 'an invariant is broken');
    await recordInvariant(ctx, { rule, outcome: subjects.length > 0 ? 'broken' : 'holds', subjects });
  } catch (error) {
    ctx.log.error({ err: error, rule }, 'an invariant could not be checked');
    await recordInvariant(ctx, { rule, outcome: 'unchecked', subjects: [] });
  }
}
