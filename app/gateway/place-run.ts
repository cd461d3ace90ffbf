import {
  authorizeRun,
  markUnknown,
  recordUpstream,
  stopAccessKey,
  tokenOfGrant,
  voidRun,
  type AuthorizedRun,
} from '~/modules/metering/index.server';
import { saysLowCredit, type LotFailureReason } from '~/modules/metering/lot-failure';
import { UNANSWERED_CHECK_MS } from '~/modules/metering/check-schedule';
import { isFinalStatus } from '~/modules/metering/prediction-body';
import type { CallOutcome, Prediction } from '~/modules/metering/runs-port';
import { cancelAfterWithin, boundOf, GRACE_SECONDS, MAX_CANCEL_AFTER_SECONDS, type Bound } from '~/modules/pricing/bounds';
import { openRecentSecret, openSecret } from '~/modules/vault/index.server';
import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import { crashPoint } from '~/platform/crash-point';
import { addMs } from '~/platform/dates';
import type { GrantId, RunId } from '~/platform/ids';
import { isLostConnection } from '~/platform/lost-connection';
import { formatNanoExact } from '~/platform/money';
import { reportLotFailure } from '~/workflows/report-lot-failure.server';
import { settleRun } from '~/workflows/settle-run.server';
import type { CreateOrder } from './create-order';
import type { Caller, Gateway } from './gateway';
import { asOneOfAKind } from './idempotency';
import type { OpenCreate } from './open-creates';
import { answerLost, answerUnwritten, insufficientCredit, lotsPaused, passedOn, Problem, unauthenticated, unavailable } from './problems';
import type { ServedModel } from './served-model';

/** More lots than this are not tried for one call. */
const TRIES = 5;

export interface PlacedRun {
  id: RunId;
  /** Null: the answer to the same create was lost a moment ago, and this is its run. */
  prediction: Prediction | null;
}

/** What every step of one create knows. */
interface Placing {
  caller: Caller;
  order: CreateOrder;
  model: ServedModel;
  bound: Bound;
  bodyHash: string;
}

/**
 * Authorizes a run's bound and creates its prediction with the lot's token. A lot that refuses our call (401, 402) is reported and the
 * next grant serves it. @throws Problem: 402 without credit, Replicate's own refusal, 502 when the answer was lost, 503 when nothing
 * was sent, or why the create was called off before it was sent.
 */
export async function placeRun(
  gateway: Gateway,
  caller: Caller,
  order: CreateOrder,
  model: ServedModel,
  bodyHash: string,
  open: OpenCreate<unknown>,
): Promise<PlacedRun> {
  const bound = boundOf({
    price: model.price,
    schema: model.version.schema,
    input: order.input,
    cancelAfterSeconds: order.cancelAfterSeconds,
  });
  const placing = { caller, order, model, bound, bodyHash };
  const tried: GrantId[] = [];
  let refusal: Problem | null = null;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const ctx = gateway.ctx();
    const run = await authorize(ctx, placing, tried);
    if (run instanceof Problem) throw refusal ?? run;
    if ('prediction' in run) return run;
    crashPoint('gateway.authorized');
    // The client may have left while the run was authorized: then it is not sent, and costs nothing.
    if (open.signal.aborted) await giveBack(gateway.ctx(), caller, run);
    open.send();
    const outcome = await create(gateway.ctx(), run, placing);
    crashPoint('gateway.created');
    const placed = await conclude(gateway.ctx(), { ...run, createdAt: ctx.now }, placing, outcome).catch(orUnwritten(gateway, outcome));
    if (!(placed instanceof Problem)) return placed;
    open.wasNotTaken();
    refusal = placed;
    tried.push(run.grantId);
  }
  throw refusal ?? unavailable('No lot of this wallet could serve the run. Try again in a minute.');
}

async function authorize(ctx: Ctx, placing: Placing, tried: GrantId[]): Promise<AuthorizedRun | PlacedRun | Problem> {
  const { caller, order, model, bound, bodyHash } = placing;
  const seconds = order.cancelAfterSeconds ?? MAX_CANCEL_AFTER_SECONDS;
  const result = await asOneOfAKind(
    authorizeRun(ctx, {
      ...caller,
      model: model.price.model,
      version: model.version.version,
      priceId: model.price.id,
      priceFacts: bound.facts,
      maxNano: bound.maxNano,
      minNano: bound.minNano,
      bodyHash,
      idempotencyKey: order.idempotencyKey,
      exceptGrants: tried,
      deadlineAt: addMs(ctx.now, (seconds + GRACE_SECONDS) * 1_000),
      nextCheckAt: addMs(ctx.now, UNANSWERED_CHECK_MS),
    }),
  );
  if (result.ok) return result.run;
  switch (result.reason) {
    case 'answer_lost':
      return { id: result.runId, prediction: null };
    case 'key_revoked':
      return unauthenticated();
    case 'cap_reached':
      return insufficientCredit(
        `This key's cap for today (UTC) leaves less than the ${formatNanoExact(bound.minNano)} this run may cost. Raise it in your wallet.`,
      );
    case 'not_enough_credit':
      return insufficientCredit(
        `No grant in this wallet holds the ${formatNanoExact(bound.minNano)} that this run may cost. Buy credit: ${ctx.config.publicUrl}${paths.listings()}`,
      );
  }
}

async function create(ctx: Ctx, run: AuthorizedRun, { order, model, bound }: Placing): Promise<CallOutcome<Prediction>> {
  const token = await openRecentSecret(ctx, { secretId: run.secretId, boundTo: `listings/${run.listingId}` }).catch(() => null);
  // The seller has just replaced the token: nothing is sent, and the grant's next reading has the new one.
  if (token === null) return { kind: 'not_sent', detail: 'the token was replaced' };
  const cancelAfterSeconds =
    bound.ratePerSecondNano === null
      ? (order.cancelAfterSeconds ?? MAX_CANCEL_AFTER_SECONDS)
      : cancelAfterWithin(run.authorizedNano, bound.ratePerSecondNano);
  return ctx.ports.replicateRuns.create(token, {
    version: model.upstreamVersion,
    input: order.input,
    cancelAfterSeconds,
    webhook: ctx.ports.runHooks.urlOf(run.id),
  });
}

/** Records how the create ended; one that is finished at once is settled. A Problem: this grant did not serve it, and the next may. */
async function conclude(
  ctx: Ctx,
  run: AuthorizedRun & { createdAt: Date },
  placing: Placing,
  outcome: CallOutcome<Prediction>,
): Promise<PlacedRun | Problem> {
  const { caller, model, bound } = placing;
  const ref = { buyerId: caller.buyerId, id: run.id };
  switch (outcome.kind) {
    case 'done': {
      const prediction = outcome.value;
      if (!isWhatWasAsked(prediction, model)) return stopOtherRun(ctx, caller, run, prediction);
      const open = { ...run, ...ref, state: 'authorized', upstreamStatus: null, priceId: model.price.id, priceFacts: bound.facts } as const;
      const settled = isFinalStatus(prediction.status) && (await settleRun(ctx, open, prediction));
      if (!settled) await recordUpstream(ctx, ref, prediction);
      return { id: run.id, prediction };
    }
    case 'unknown':
      await markUnknown(ctx, ref);
      throw answerLost();
    case 'not_sent':
      await giveBack(ctx, caller, run);
      return unavailable('The provider could not be reached. Nothing was sent and nothing is charged.');
    case 'refused': {
      await giveBack(ctx, caller, run);
      // A seller may revoke the old token the moment a new one is sealed: what the old one was answered says nothing of the lot.
      if (outcome.status === 401 && (await tokenOfGrant(ctx, run.grantId)) !== run.secretId)
        return unavailable('The lot’s token was just replaced. Nothing was run and nothing is charged; try again.');
      const reason = lotFailureOf(outcome.status, outcome.body.detail);
      if (reason)
        await reportLotFailure(ctx, { listingId: run.listingId, reason, detail: `Replicate answered a create with ${outcome.status}.` });
      const problem = passedOn(outcome.status, outcome.body, outcome.retryAfter);
      if (reason) return lotsPaused();
      if (outcome.status === 429) return problem;
      throw problem;
    }
  }
}

/** What was sent may not be sent again for our database's sake, so it is no 503. */
function orUnwritten(gateway: Gateway, { kind }: CallOutcome<Prediction>): (error: unknown) => never {
  return (error) => {
    const wasSent = kind === 'done' || kind === 'unknown';
    if (!wasSent || !isLostConnection(error)) throw error;
    gateway.ctx().log.error({ err: error }, 'the database did not take the answer to a create');
    throw answerUnwritten();
  };
}

function lotFailureOf(status: number, detail: unknown): LotFailureReason | null {
  if (status === 401) return 'token_refused';
  if (status === 402) return 'no_credit';
  return status === 429 && saysLowCredit(detail) ? 'low_credit' : null;
}

async function giveBack(ctx: Ctx, caller: Caller, run: AuthorizedRun): Promise<void> {
  await voidRun(ctx, { runId: run.id, buyerId: caller.buyerId, upstreamStatus: null, metrics: null, finalBody: null });
}

function isWhatWasAsked(prediction: Prediction, model: ServedModel): boolean {
  const sameModel = prediction.model === null || prediction.model === model.price.model;
  const sameVersion = prediction.version === null || prediction.version === 'hidden' || prediction.version === model.upstreamVersion;
  return sameModel && (sameVersion || model.upstreamVersion === model.price.model);
}

/** Something else runs than what was priced: it is stopped at once, the lot's loss is written down, and the key stops. */
async function stopOtherRun(ctx: Ctx, caller: Caller, run: AuthorizedRun, prediction: Prediction): Promise<never> {
  await recordUpstream(ctx, { buyerId: caller.buyerId, id: run.id }, prediction);
  ctx.log.error({ runId: run.id, upstreamId: prediction.id }, 'the provider runs another model than was asked for');
  // Without the token it cannot be stopped; the buyer pays nothing all the same.
  const token = await openSecret(ctx, { secretId: run.secretId, boundTo: `listings/${run.listingId}` }).catch(() => null);
  if (token !== null) await ctx.ports.replicateRuns.cancel(token, prediction.id);
  await voidRun(ctx, {
    runId: run.id,
    buyerId: caller.buyerId,
    upstreamStatus: prediction.status,
    metrics: null,
    finalBody: null,
    exposure: 'other_model',
  });
  await stopAccessKey(ctx, caller.accessKeyId);
  throw new Problem(
    502,
    'Bad gateway',
    'The provider ran another model than was asked for. The run was stopped, nothing is charged, and this key was revoked.',
  );
}
