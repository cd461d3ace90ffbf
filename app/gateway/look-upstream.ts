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
 * The current state of a run. Settled runs are read from our row, unless their input was too large to store; others from Replicate, at
 * most once in 500 ms. A run that has ended is settled.
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

/** Applies Replicate's answer: settles a run that has ended, reports a refused token, and returns what the buyer may see. */
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

/** Handles Replicate's webhook. The prediction is fetched and accepted only if it names this run. */
export async function applyHook(gateway: Gateway, run: Run, reportedId: string | null): Promise<void> {
  const ctx = gateway.ctx();
  const id = run.upstreamId ?? reportedId;
  const token = await tokenForRun(ctx, run);
  if (id === null || token === null || run.state === 'captured' || run.state === 'voided') return;
  const outcome = await ctx.ports.replicateRuns.get(token, id);
  if (outcome.kind !== 'done') return;
  if (run.upstreamId === null) {
    // The seller can read this address at Replicate and could give it to a prediction of their own.
    const { webhook, model } = outcome.value;
    if (webhook !== ctx.ports.runHooks.hookUrl(run.id) || (model !== null && model !== run.model)) return;
    if (!(await recordUpstream(ctx, run, outcome.value)) && (await findRun(ctx, run.id))?.upstreamId !== id) return;
  }
  await settleRun(ctx, run, outcome.value);
  gateway.waiters.announce(run.id);
}
