import { claimProbes, lockListing, moveProbe, trustCredit, type Probe } from '~/modules/listings/index.server';
import { saysLowCredit, type LotFailureReason } from '~/modules/metering/lot-failure';
import { isFinalStatus } from '~/modules/metering/prediction-body';
import type { CallOutcome, Prediction } from '~/modules/metering/runs-port';
import { computeCost } from '~/modules/pricing/costs';
import { currentPrices, priceById } from '~/modules/pricing/index.server';
import { cheapestProbe } from '~/modules/pricing/probe';
import { openSecret } from '~/modules/vault/index.server';
import { asSystem, atomic, type Ctx } from '~/platform/context';
import { addMs, MINUTE_MS } from '~/platform/dates';
import { mendLot, reportLotFailure } from './report-lot-failure.server';
import { toEnding } from '~/workflows/burning/settle-run.server';

const AT_ONCE = 10;
const LOOK_AGAIN_MS = 5_000;
/** Replicate's rate limits for low credit are per minute. */
const TRY_AGAIN_MS = MINUTE_MS;
/** Consecutive refusals for low credit, a minute apart, after which the lot fails its check. */
const LOW_CREDIT_REFUSALS = 3;
const PROBE_DEADLINE_SECONDS = 120;

/**
 * Runs probes: small runs on the cheapest model that show whether a lot's account has credit, at the market's cost. A success mends the
 * lot; 402, or three refusals for low credit a minute apart, fails it. Other errors are retried. Any number of processes may do this at
 * once; bounded per run.
 */
export async function probeLots(ctx: Ctx): Promise<void> {
  const system = asSystem(ctx, 'lot watch');
  await Promise.all(
    (await claimProbes(system, AT_ONCE)).map((probe) =>
      probeLot(system, probe).catch((error: unknown) => ctx.log.warn({ err: error, probeId: probe.id }, 'a lot could not be probed')),
    ),
  );
}

async function probeLot(ctx: Ctx, probe: Probe): Promise<void> {
  const token = await openLotToken(ctx, probe);
  if (token === null) return void (await moveProbe(ctx, probe, 'drop'));
  if (probe.predictionId === null) return begin(ctx, probe, token);
  const outcome = await ctx.ports.replicateRuns.get(token, probe.predictionId);
  if (outcome.kind === 'done') return conclude(ctx, probe, outcome.value);
  // Other failures are retried when the claim ends.
  if (outcome.kind === 'refused' && outcome.status === 404) await retry(ctx, probe, { predictionId: null });
}

/** The lot's token as it is now; null when it is gone or the lot has failed. */
async function openLotToken(ctx: Ctx, { listingId }: Probe): Promise<string | null> {
  const { secretId, state } = await atomic(ctx, (tx) => lockListing(tx, listingId));
  if (secretId === null || state === 'failed') return null;
  return openSecret(ctx, { secretId, boundTo: `listings/${listingId}` }).catch(() => null);
}

async function begin(ctx: Ctx, probe: Probe, token: string): Promise<void> {
  const run = cheapestProbe(await currentPrices(ctx));
  if (!run) throw new Error('The price book holds no model for a probe.');
  const { price, input } = run;
  const outcome = await ctx.ports.replicateRuns.create(token, {
    version: price.model,
    input,
    cancelAfterSeconds: PROBE_DEADLINE_SECONDS,
    webhook: null,
  });
  if (outcome.kind !== 'done') return handleRefusal(ctx, probe, outcome);
  const facts = { model: price.model, priceId: price.id, predictionId: outcome.value.id, nextAt: addMs(ctx.now, LOOK_AGAIN_MS) };
  if (await moveProbe(ctx, probe, 'start', facts)) await conclude(ctx, { ...probe, ...facts, state: 'running' }, outcome.value);
}

async function handleRefusal(ctx: Ctx, probe: Probe, outcome: Exclude<CallOutcome<Prediction>, { kind: 'done' }>): Promise<void> {
  const isLow = outcome.kind === 'refused' && outcome.status === 429 && saysLowCredit(outcome.body.detail);
  const refusals = isLow ? probe.refusals + 1 : probe.refusals;
  const reason = failureReason(outcome, isLow && refusals >= LOW_CREDIT_REFUSALS);
  if (reason === 'token_refused') await report(ctx, probe, reason);
  if (reason === null || reason === 'token_refused') return retry(ctx, probe, { refusals });
  if (await moveProbe(ctx, probe, 'refuse', { refusals, reason })) await report(ctx, probe, reason);
}

function failureReason(outcome: CallOutcome<Prediction>, isLowAgain: boolean): LotFailureReason | null {
  if (isLowAgain) return 'low_credit';
  if (outcome.kind !== 'refused') return null;
  if (outcome.status === 401) return 'token_refused';
  return outcome.status === 402 ? 'no_credit' : null;
}

async function report(ctx: Ctx, { listingId }: Probe, reason: LotFailureReason): Promise<void> {
  await reportLotFailure(ctx, { listingId, reason, detail: 'Replicate refused a small run of ours.' });
}

async function conclude(ctx: Ctx, probe: Probe, prediction: Prediction): Promise<void> {
  const { status } = prediction;
  // A later look: the claim has put it off already.
  if (!isFinalStatus(status)) return;
  // It may have failed because of the model, which says nothing about the credit.
  if (status !== 'succeeded') return retry(ctx, probe, { predictionId: null });
  const costNano = await costOfProbe(ctx, probe, prediction);
  await atomic(ctx, async (tx) => {
    await lockListing(tx, probe.listingId);
    if (!(await moveProbe(tx, probe, 'pass', { costNano }))) return;
    await trustCredit(tx, probe.listingId);
    await mendLot(tx, probe.listingId);
  });
}

async function retry(ctx: Ctx, probe: Probe, facts: Partial<Probe>): Promise<void> {
  await moveProbe(ctx, probe, 'retry', { ...facts, nextAt: addMs(ctx.now, TRY_AGAIN_MS) });
}

async function costOfProbe(ctx: Ctx, { priceId }: Probe, prediction: Prediction): Promise<bigint> {
  if (priceId === null) return 0n;
  const cost = computeCost(await priceById(ctx, priceId), {}, toEnding(prediction, 'succeeded', { authorizedNano: 0n, deliveredNano: 0n }));
  return cost.kind === 'cost' ? cost.nano : 0n;
}
