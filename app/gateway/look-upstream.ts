import { findRun, recordUpstream, type Run } from '~/modules/metering/index.server';
import { isFinalStatus, predictionOfRun, publicPrediction } from '~/modules/metering/prediction-body';
import type { CallOutcome, Prediction } from '~/modules/metering/runs-port';
import { parseJson } from '~/platform/json';
import { tokenForRun } from '~/workflows/burning/reconcile-runs.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { settleRun } from '~/workflows/burning/settle-run.server';
import type { Gateway } from './gateway';

/** A prediction as the buyer sees it, and whether it has ended. */
export interface RunView {
  body: Record<string, unknown>;
  final: boolean;
}

/**
 * A run as it stands: a settled one from our row, any other from Replicate, at most once in 500 ms; what is seen ended is settled. A
 * settled one whose input was too large to be kept is looked up, too.
 */
export async function viewRun(gateway: Gateway, run: Run): Promise<RunView> {
  const { upstreamId } = run;
  if (upstreamId === null || (isSettled(run) && !lacksInput(run))) return fromRow(gateway, run);
  const seen = await gateway.views.get(run.id, async () => {
    const ctx = gateway.ctx();
    const token = await tokenForRun(ctx, run);
    if (token === null) return fromRow(gateway, run);
    return applyAnswer(gateway, run, await ctx.ports.replicateRuns.get(token, upstreamId));
  });
  return seen ?? fromRow(gateway, run);
}

/** Takes an answer about a run: settles it if it has ended, reports a refused token, and shows the buyer what is known. */
export async function applyAnswer(gateway: Gateway, run: Run, outcome: CallOutcome<Prediction>): Promise<RunView> {
  const ctx = gateway.ctx();
  if (outcome.kind === 'done') {
    await settleRun(ctx, run, outcome.value);
    if (isFinalStatus(outcome.value.status)) gateway.waiters.announce(run.id);
    return { body: publicPrediction(outcome.value.body, gateway.addresses()), final: isFinalStatus(outcome.value.status) };
  }
  if (outcome.kind === 'refused' && outcome.status === 401) {
    await reportLotFailure(ctx, {
      listingId: run.listingId,
      reason: 'token_refused',
      detail: 'Replicate refused the token when a run was looked at.',
    });
  }
  return fromRow(gateway, run);
}

function fromRow(gateway: Gateway, run: Run): RunView {
  const kept = keptBody(run);
  return { body: kept ? { input: {}, ...kept } : predictionOfRun(run, gateway.addresses()), final: isSettled(run) };
}

function isSettled({ state }: Run): boolean {
  return state === 'captured' || state === 'voided';
}

function lacksInput(run: Run): boolean {
  const kept = keptBody(run);
  return kept !== null && !('input' in kept);
}

function keptBody({ finalBody }: Run): RunView['body'] | null {
  return finalBody === null ? null : (parseJson(finalBody) as RunView['body']);
}

/** Replicate told us of a run: its prediction is fetched anew, and only if it names this run is it believed. */
export async function applyHook(gateway: Gateway, run: Run, reportedId: string | null): Promise<void> {
  const ctx = gateway.ctx();
  const id = run.upstreamId ?? reportedId;
  const token = await tokenForRun(ctx, run);
  if (id === null || token === null || run.state === 'captured' || run.state === 'voided') return;
  const outcome = await ctx.ports.replicateRuns.get(token, id);
  if (outcome.kind !== 'done') return;
  if (run.upstreamId === null) {
    // The lot's owner can read this address and give it to a prediction of its own.
    const { webhook, model } = outcome.value;
    if (webhook !== ctx.ports.runHooks.hookUrl(run.id) || (model !== null && model !== run.model)) return;
    if (!(await recordUpstream(ctx, run, outcome.value)) && (await findRun(ctx, run.id))?.upstreamId !== id) return;
  }
  await settleRun(ctx, run, outcome.value);
  gateway.waiters.announce(run.id);
}
