import { sumExposures, walletRoom } from '~/modules/metering/index.server';
import { currentPolicy } from '~/modules/policy/index.server';
import type { Policy } from '~/modules/policy/policy-rules';
import { GRACE_SECONDS, type Bound } from '~/modules/pricing/bounds';
import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import type { UserId } from '~/platform/ids';
import { centsToNano, formatNano, formatNanoExact } from '~/platform/money';
import type { Caller, Gateway } from './gateway';
import { insufficientCredit, type Problem } from './problems';

/** The rules in force, cached for a few seconds. */
export async function findCachedRules(gateway: Gateway): Promise<Policy['rules']> {
  const policy = await gateway.policies.get('in force', () => currentPolicy(gateway.ctx()));
  return (policy ?? (await currentPolicy(gateway.ctx()))).rules;
}

/** Refuses new runs to a buyer whose runs cost the market more than it bears (policy: exposureLimitCents). @throws Problem 402. */
export async function refuseExposed(gateway: Gateway, { buyerId }: Caller, limitCents: number): Promise<void> {
  const exposedNano = (await gateway.exposed.get(buyerId, () => sumExposures(gateway.ctx(), buyerId))) ?? 0n;
  const limitNano = centsToNano(BigInt(limitCents));
  if (exposedNano <= limitNano) return;
  throw insufficientCredit(
    `Runs of this wallet cost ${formatNano(exposedNano)} in the last 30 days that nobody paid for, such as runs canceled before their output. ` +
      `The market bears ${formatNano(limitNano)}. Your credit stays; new runs are taken again as those days pass, or write to us.`,
  );
}

/** The refusal when no lot has enough credit: it states what the run may cost and what the wallet has. */
export async function tooLittleCredit(ctx: Ctx, buyerId: UserId, bound: Bound): Promise<Problem> {
  const { lots, mostNano, allNano } = await walletRoom(ctx, buyerId);
  const room =
    lots === 0
      ? 'No lot of this wallet has credit that is free now.'
      : `The fullest lot of this wallet has ${formatNanoExact(mostNano)} free${lots > 1 ? `, all ${lots} together ${formatNanoExact(allNano)}; a run burns one lot` : ''}.`;
  return insufficientCredit(`${mayCost(bound)} ${room} Buy credit: ${ctx.config.publicUrl}${paths.listings()}`);
}

export function capReached(bound: Bound): Problem {
  return insufficientCredit(`${mayCost(bound)} This key's cap for today (UTC) leaves less. Raise it in your wallet.`);
}

function mayCost({ minNano, maxNano, ratePerSecondNano }: Bound): string {
  if (ratePerSecondNano === null) return `This run may cost ${formatNanoExact(maxNano)}.`;
  const seconds = Number(minNano / ratePerSecondNano) - GRACE_SECONDS;
  const asked = minNano === maxNano ? '' : ' A shorter deadline costs less: send Cancel-After.';
  return `This run may cost ${formatNanoExact(minNano)} in ${seconds} seconds at ${formatNanoExact(ratePerSecondNano)} a second and ${GRACE_SECONDS} seconds of grace.${asked}`;
}
