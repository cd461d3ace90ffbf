import { captureRun, noteProgress, voidRun, type OpenRun, type Settled } from '~/modules/metering/index.server';
import { isFinalStatus, keptPrediction, publicPrediction } from '~/modules/metering/prediction-body';
import { publicAddresses } from '~/modules/metering/public-addresses';
import type { Prediction } from '~/modules/metering/runs-port';
import { computeCost, computeDeliveredCost, estimateCost, type Ending, type FinalStatus } from '~/modules/pricing/costs';
import { priceById } from '~/modules/pricing/index.server';
import type { Ctx } from '~/platform/context';
import { MINUTE_MS } from '~/platform/dates';

/** Replicate deletes a prediction's data after an hour, so later metrics will never come. */
const METRICS_WAIT_MS = 45 * MINUTE_MS;

/**
 * Settles a run from its prediction at Replicate. Called by our webhook, the buyer's poll and the reconciler; the first to settle wins.
 * Returns whether the run is settled.
 */
export async function settleRun(ctx: Ctx, run: OpenRun, prediction: Prediction): Promise<boolean> {
  if (run.state === 'captured' || run.state === 'voided') return true;
  const { status } = prediction;
  const decision: Decision = isFinalStatus(status) ? await decide(ctx, run, prediction, status) : { kind: 'wait' };
  if (decision.kind === 'wait') {
    await noteWhatIsSeen(ctx, run, prediction);
    return false;
  }
  const facts = {
    runId: run.id,
    buyerId: run.buyerId,
    upstreamId: prediction.id,
    upstreamStatus: status,
    metrics: prediction.metrics,
    finalBody: keptPrediction(publicPrediction(prediction.body, publicAddresses(ctx))),
  };
  const settled =
    decision.kind === 'void'
      ? await voidRun(ctx, { ...facts, exposure: decision.exposure })
      : await captureRun(ctx, { ...facts, costNano: decision.nano, estimated: decision.estimated });
  if (settled && settled.excessNano > 0n) tellExcess(ctx, run, settled);
  return true;
}

/** Records delivered output during a run: it is charged even if the run is canceled later. */
async function noteWhatIsSeen(ctx: Ctx, run: OpenRun, prediction: Prediction): Promise<void> {
  const { status, output } = prediction;
  const hasOutput = output !== null && output !== undefined;
  const deliveredNano = hasOutput
    ? computeDeliveredCost(await priceById(ctx, run.priceId), run.priceFacts, toEnding(prediction, 'canceled', run))
    : 0n;
  if (status !== run.upstreamStatus || deliveredNano > run.deliveredNano)
    await noteProgress(ctx, run, { upstreamStatus: status, deliveredNano });
}

type Decision = { kind: 'wait' } | { kind: 'void'; exposure: string | null } | { kind: 'capture'; nano: bigint; estimated: boolean };

async function decide(ctx: Ctx, run: OpenRun, prediction: Prediction, status: FinalStatus): Promise<Decision> {
  const price = await priceById(ctx, run.priceId);
  const ending = toEnding(prediction, status, run);
  const cost = computeCost(price, run.priceFacts, ending);
  switch (cost.kind) {
    case 'free':
      return { kind: 'void', exposure: null };
    case 'unmetered':
      return { kind: 'void', exposure: 'canceled_without_metrics' };
    case 'cost':
    case 'estimate':
      return { kind: 'capture', nano: cost.nano, estimated: cost.kind === 'estimate' };
    case 'waiting': {
      const endedAt = prediction.completedAt ?? run.createdAt;
      if (ctx.now.getTime() - endedAt.getTime() < METRICS_WAIT_MS) return { kind: 'wait' };
      return { kind: 'capture', nano: estimateCost(price, run.priceFacts, ending), estimated: true };
    }
  }
}

/** The facts of an ended prediction that pricing needs. */
export function toEnding(
  { metrics, startedAt, completedAt, output, input }: Prediction,
  status: FinalStatus,
  run: Pick<Ending, 'authorizedNano' | 'deliveredNano'>,
): Ending {
  const pieces = (Array.isArray(output) ? output : [output]).filter((piece) => piece !== null && piece !== undefined && piece !== '');
  return {
    status,
    metrics: metrics ?? {},
    hasStarted: startedAt !== null,
    seconds: startedAt && completedAt ? (completedAt.getTime() - startedAt.getTime()) / 1_000 : null,
    outputs: pieces.length === 0 ? null : pieces.length,
    readChars: countChars(input),
    writtenChars: countChars(output),
    deliveredNano: run.deliveredNano,
    authorizedNano: run.authorizedNano,
  };
}

function countChars(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + countChars(part), 0);
}

function tellExcess(ctx: Ctx, run: OpenRun, { listingId, excessNano }: Settled): void {
  ctx.log.error({ runId: run.id, listingId, excessNano: excessNano.toString() }, 'a run cost more than was authorized for it');
}
