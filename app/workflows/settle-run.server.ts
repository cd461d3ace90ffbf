import { captureRun, noteStatus, voidRun, type OpenRun, type Settled } from '~/modules/metering/index.server';
import { isFinalStatus, keptPrediction, publicPrediction } from '~/modules/metering/prediction-body';
import { publicAddresses } from '~/modules/metering/public-addresses';
import type { Prediction } from '~/modules/metering/runs-port';
import { costOf, estimateOf, type Ending, type FinalStatus } from '~/modules/pricing/costs';
import { priceById } from '~/modules/pricing/index.server';
import type { Ctx } from '~/platform/context';
import { MINUTE_MS } from '~/platform/dates';

/** Replicate removes a prediction's traces after an hour: metrics that have not come by then never will. */
const METRICS_WAIT_MS = 45 * MINUTE_MS;

/**
 * Settles a run from what Replicate says of its prediction, whoever asked: our webhook, the buyer's poll or the reconciler. Priced by
 * status first; the first to settle wins, the others change nothing. Answers whether the run is settled now.
 */
export async function settleRun(ctx: Ctx, run: OpenRun, prediction: Prediction): Promise<boolean> {
  if (run.state === 'captured' || run.state === 'voided') return true;
  const { status } = prediction;
  if (!isFinalStatus(status)) {
    if (status !== run.upstreamStatus) await noteStatus(ctx, run, status);
    return false;
  }
  const decision = await decide(ctx, run, prediction, status);
  if (decision.kind === 'wait') {
    if (status !== run.upstreamStatus) await noteStatus(ctx, run, status);
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

type Decision = { kind: 'wait' } | { kind: 'void'; exposure: string | null } | { kind: 'capture'; nano: bigint; estimated: boolean };

async function decide(ctx: Ctx, run: OpenRun, prediction: Prediction, status: FinalStatus): Promise<Decision> {
  const price = await priceById(ctx, run.priceId);
  const ending = endingOf(prediction, status);
  const cost = costOf(price, run.priceFacts, ending);
  switch (cost.kind) {
    case 'free':
      return { kind: 'void', exposure: null };
    case 'unmetered':
      return { kind: 'void', exposure: 'canceled_without_metrics' };
    case 'cost':
      return { kind: 'capture', nano: cost.nano, estimated: false };
    case 'waiting': {
      const endedAt = prediction.completedAt ?? run.createdAt;
      if (ctx.now.getTime() - endedAt.getTime() < METRICS_WAIT_MS) return { kind: 'wait' };
      return { kind: 'capture', nano: estimateOf(price, run.priceFacts, ending, run.authorizedNano), estimated: true };
    }
  }
}

function endingOf({ metrics, startedAt, completedAt, output }: Prediction, status: FinalStatus): Ending {
  return {
    status,
    metrics: metrics ?? {},
    seconds: startedAt && completedAt ? (completedAt.getTime() - startedAt.getTime()) / 1_000 : null,
    outputs: Array.isArray(output) ? output.length : output === null || output === undefined ? null : 1,
  };
}

function tellExcess(ctx: Ctx, run: OpenRun, { listingId, excessNano }: Settled): void {
  ctx.log.error({ runId: run.id, listingId, excessNano: excessNano.toString() }, 'a run cost more than was authorized for it');
}
