import { probesAmong } from '~/modules/listings/index.server';
import {
  claimDueRuns,
  forgetFinalBodies,
  knownUpstreamIds,
  recordUpstream,
  findGrantSecret,
  voidRun,
  type Run,
} from '~/modules/metering/index.server';
import { hashBody } from '~/modules/metering/body-hash';
import type { Prediction } from '~/modules/metering/runs-port';
import { openSecret } from '~/modules/vault/index.server';
import type { Ctx } from '~/platform/context';
import { addMs, HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { settleRun } from './settle-run.server';

const AT_ONCE = 10;
const SLICES = 5;
/** Our clock and Replicate's may differ by so much. */
const CLOCK_SLACK_MS = MINUTE_MS;
const PAGES = 20;

/**
 * Settles runs that no webhook or poll has settled: asks Replicate 2 s, 5, 15, 60 s … after each began. Any number of processes may do
 * this at once; each run is claimed by one. Bounded per call.
 */
export async function reconcileRuns(ctx: Ctx): Promise<void> {
  for (let slice = 0; slice < SLICES; slice += 1) {
    const due = await claimDueRuns(ctx, AT_ONCE);
    await Promise.all(
      due.map((run) =>
        checkRun(ctx, run).catch((error: unknown) => ctx.log.warn({ err: error, runId: run.id }, 'a run could not be checked')),
      ),
    );
    if (due.length < AT_ONCE) break;
  }
  await forgetFinalBodies(ctx, 500);
}

/** Reads an unsettled run's prediction from Replicate and settles the run if it has ended. */
export async function checkRun(ctx: Ctx, run: Run): Promise<void> {
  const token = await tokenForRun(ctx, run);
  if (token === null) return voidIfOverdue(ctx, run);
  if (run.upstreamId === null) return findLostPrediction(ctx, run, token);
  const outcome = await ctx.ports.replicateRuns.get(token, run.upstreamId);
  if (outcome.kind === 'done' && (await settleRun(ctx, run, outcome.value))) return;
  if (outcome.kind === 'refused' && outcome.status === 401) {
    await reportLotFailure(ctx, {
      listingId: run.listingId,
      reason: 'token_refused',
      detail: 'Replicate refused the token while a run was being settled.',
    });
  }
  await voidIfOverdue(ctx, run);
}

/** The lot's current token; null once it is destroyed. */
export async function tokenForRun(ctx: Ctx, run: Run): Promise<string | null> {
  const secretId = await findGrantSecret(ctx, run.grantId);
  return openSecret(ctx, { secretId, boundTo: `listings/${run.listingId}` }).catch(() => null);
}

/** Searches Replicate's list for a create whose answer was lost. */
async function findLostPrediction(ctx: Ctx, run: Run, token: string): Promise<void> {
  const found = await searchList(ctx, run, token);
  if (!found) return voidIfOverdue(ctx, run);
  if (!(await recordUpstream(ctx, run, found))) return;
  await settleRun(ctx, run, found);
}

async function searchList(ctx: Ctx, run: Run, token: string): Promise<Prediction | null> {
  const since = addMs(run.createdAt, -CLOCK_SLACK_MS);
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const outcome = await ctx.ports.replicateRuns.list(token, cursor);
    if (outcome.kind !== 'done') return null;
    const { predictions, next } = outcome.value;
    const found = await findMatch(ctx, run, predictions);
    if (found) return found;
    const last = predictions[predictions.length - 1];
    if (next === null || !last?.createdAt || last.createdAt < since) return null;
    cursor = next;
  }
  return null;
}

/** Matches by our webhook address, which names the run; else by model, input and time among unassigned predictions. */
async function findMatch(ctx: Ctx, run: Run, predictions: Prediction[]): Promise<Prediction | null> {
  const hook = ctx.ports.runHooks.hookUrl(run.id);
  // The seller can copy the address into later predictions of its own, so the oldest is ours.
  const named = predictions.findLast(({ webhook, model }) => hook !== null && webhook === hook && (model === null || model === run.model));
  if (named) return named;
  const alike = predictions.filter((prediction) => prediction.webhook === null && isAlike(run, prediction));
  const ids = alike.map(({ id }) => id);
  const [known, ours] = await Promise.all([knownUpstreamIds(ctx, ids), probesAmong(ctx, ids)]);
  return alike.reverse().find(({ id }) => !known.has(id) && !ours.has(id)) ?? null;
}

function isAlike(run: Run, { model, input, createdAt }: Prediction): boolean {
  const near = createdAt !== null && Math.abs(createdAt.getTime() - run.createdAt.getTime()) < CLOCK_SLACK_MS;
  return near && model === run.model && hashBody(run.model, input) === run.bodyHash;
}

/**
 * Voids a run that is still unknown an hour after its deadline: the bound returns to the buyer. If it had started, Replicate may have
 * charged the lot, which is recorded as an exposure.
 */
async function voidIfOverdue(ctx: Ctx, run: Run): Promise<void> {
  if (ctx.now < addMs(run.deadlineAt, HOUR_MS)) return;
  const facts = { runId: run.id, buyerId: run.buyerId, upstreamStatus: run.upstreamStatus, metrics: null, finalBody: null };
  await voidRun(ctx, { ...facts, exposure: run.upstreamId === null ? null : 'never_seen_to_end' });
}
