import {
  authorizeRun,
  explainExposure,
  markUnknown,
  recordUpstream,
  findGrantSecret,
  voidRun,
  type AuthorizedRun,
} from '~/modules/metering/index.server';
import { saysLowCredit, type LotFailureReason } from '~/modules/metering/lot-failure';
import { UNANSWERED_CHECK_MS } from '~/modules/metering/check-schedule';
import { isFinalStatus } from '~/modules/metering/prediction-body';
import type { CallOutcome, Prediction } from '~/modules/metering/runs-port';
import { cancelAfterWithin, computeBound, GRACE_SECONDS, type Bound } from '~/modules/pricing/bounds';
import { openRecentSecret, openSecret } from '~/modules/vault/index.server';
import type { Ctx } from '~/platform/context';
import { crashPoint } from '~/platform/crash-point';
import { addMs } from '~/platform/dates';
import type { GrantId, RunId } from '~/platform/ids';
import { isLostConnection } from '~/platform/lost-connection';
import { reportLotFailure, reportLowCredit } from '~/workflows/failing/report-lot-failure.server';
import { settleRun } from '~/workflows/burning/settle-run.server';
import type { CreateOrder } from './create-order';
import type { Caller, Gateway } from './gateway';
import { refuseConcurrentRepeat } from './idempotency';
import { capReached, refuseExposed, findCachedRules, tooLittleCredit } from './credit-refusals';
import type { OpenCreate } from './open-creates';
import { answerLost, answerNotStored, lotsPaused, providerRefusal, Problem, unauthenticated, unavailable } from './problems';
import type { ServedModel } from './served-model';

/** At most this many lots are tried for one create. */
const TRIES = 5;

export interface PlacedRun {
  id: RunId;
  /** Null if an earlier create with this body lost its answer: then this is its run. */
  prediction: Prediction | null;
  /** The Cancel-After that was sent to the provider. */
  cancelAfterSeconds: number | null;
}

/** What all steps of one create share. */
interface Placement {
  caller: Caller;
  order: CreateOrder;
  model: ServedModel;
  bound: Bound;
  bodyHash: string;
  /** The client's Cancel-After, else Replicate's limit for a run. */
  deadlineSeconds: number;
}

/**
 * Authorizes a run's bound and creates its prediction with the lot's token. A lot whose token is refused (401, 402) is reported, and
 * the next grant is tried.
 * @throws Problem 402 without credit, Replicate's own refusal, 502 when the answer was lost, 503 when nothing was sent, or the reason
 * why the create was called off.
 */
export async function placeRun(
  gateway: Gateway,
  caller: Caller,
  order: CreateOrder,
  model: ServedModel,
  bodyHash: string,
  open: OpenCreate<unknown>,
): Promise<PlacedRun> {
  const rules = await findCachedRules(gateway);
  await refuseExposed(gateway, caller, rules.exposureLimitCents);
  const limitSeconds = rules.runLimitMinutes * 60;
  const { input, cancelAfterSeconds } = order;
  const bound = computeBound({ price: model.price, schema: model.version.schema, input, cancelAfterSeconds, limitSeconds });
  const placing = { caller, order, model, bound, bodyHash, deadlineSeconds: cancelAfterSeconds ?? limitSeconds };
  const tried: GrantId[] = [];
  let refusal: Problem | null = null;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const ctx = gateway.ctx();
    const run = await authorize(ctx, placing, tried);
    if (run instanceof Problem) throw refusal ?? run;
    if ('prediction' in run) return run;
    crashPoint('gateway.authorized');
    // If the client left during the authorization, nothing is sent and nothing is charged.
    if (open.signal.aborted) await voidAuthorization(gateway.ctx(), caller, run);
    open.send();
    const outcome = await create(gateway.ctx(), run, placing);
    crashPoint('gateway.created');
    const placed = await recordOutcome(gateway.ctx(), { ...run, createdAt: ctx.now }, placing, outcome).catch(
      refuseLostWrite(gateway, outcome),
    );
    if (!(placed instanceof Problem)) return placed;
    open.markUnsent();
    refusal = placed;
    tried.push(run.grantId);
  }
  throw refusal ?? unavailable('No lot of this wallet could serve the run. Try again in a minute.');
}

async function authorize(ctx: Ctx, placing: Placement, tried: GrantId[]): Promise<AuthorizedRun | PlacedRun | Problem> {
  const { caller, order, model, bound, bodyHash, deadlineSeconds } = placing;
  const result = await refuseConcurrentRepeat(
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
      deadlineAt: addMs(ctx.now, (deadlineSeconds + GRACE_SECONDS) * 1_000),
      nextCheckAt: addMs(ctx.now, UNANSWERED_CHECK_MS),
    }),
  );
  if (result.ok) return result.run;
  switch (result.reason) {
    case 'answer_lost':
      return { id: result.runId, prediction: null, cancelAfterSeconds: null };
    case 'key_revoked':
      return unauthenticated();
    case 'cap_reached':
      return capReached(bound);
    case 'not_enough_credit':
      return tooLittleCredit(ctx, caller.buyerId, bound);
  }
}

async function create(ctx: Ctx, run: AuthorizedRun, placing: Placement): Promise<CallOutcome<Prediction>> {
  const token = await openRecentSecret(ctx, { secretId: run.secretId, boundTo: `listings/${run.listingId}` }).catch(() => null);
  // The seller has just replaced the token. Nothing is sent; the next attempt reads the new one.
  if (token === null) return { kind: 'not_sent', detail: 'the token was replaced' };
  return ctx.ports.replicateRuns.create(token, {
    version: placing.model.upstreamVersion,
    input: placing.order.input,
    cancelAfterSeconds: chooseCancelAfter(run, placing),
    webhook: ctx.ports.runHooks.hookUrl(run.id),
  });
}

/** The client's Cancel-After, else the time that the authorized amount pays for. */
function chooseCancelAfter({ authorizedNano }: AuthorizedRun, { order, bound, deadlineSeconds }: Placement): number {
  if (order.cancelAfterSeconds !== null || bound.ratePerSecondNano === null) return deadlineSeconds;
  return cancelAfterWithin(authorizedNano, bound.ratePerSecondNano);
}

/** Records how the create ended, and settles a run that has ended. A returned Problem means: try the next grant. */
async function recordOutcome(
  ctx: Ctx,
  run: AuthorizedRun & { createdAt: Date },
  placing: Placement,
  outcome: CallOutcome<Prediction>,
): Promise<PlacedRun | Problem> {
  const { caller, model, bound } = placing;
  const ref = { buyerId: caller.buyerId, id: run.id };
  switch (outcome.kind) {
    case 'done': {
      const prediction = outcome.value;
      if (!isRequestedModel(prediction, model)) return stopWrongModel(ctx, placing, run, prediction);
      const asPriced = { priceId: model.price.id, priceFacts: bound.facts, deliveredNano: 0n };
      const open = { ...run, ...ref, ...asPriced, state: 'authorized', upstreamStatus: null } as const;
      const settled = isFinalStatus(prediction.status) && (await settleRun(ctx, open, prediction));
      if (!settled) await recordUpstream(ctx, ref, prediction);
      return { id: run.id, prediction, cancelAfterSeconds: chooseCancelAfter(run, placing) };
    }
    case 'unknown':
      await markUnknown(ctx, ref);
      throw answerLost();
    case 'not_sent':
      await voidAuthorization(ctx, caller, run);
      return unavailable('The provider could not be reached. Nothing was sent and nothing is charged.');
    case 'refused': {
      await voidAuthorization(ctx, caller, run);
      // A seller may revoke the old token as soon as a new one is stored. A refusal of the old one says nothing about the lot.
      if (outcome.status === 401 && (await findGrantSecret(ctx, run.grantId)) !== run.secretId)
        return unavailable('The lot’s token was just replaced. Nothing was run and nothing is charged; try again.');
      if (outcome.status === 429 && saysLowCredit(outcome.body.detail)) await reportLowCredit(ctx, run.listingId);
      const reason = toLotFailure(outcome.status);
      if (reason)
        await reportLotFailure(ctx, { listingId: run.listingId, reason, detail: `Replicate answered a create with ${outcome.status}.` });
      const problem = providerRefusal(outcome.status, outcome.body, outcome.retryAfter);
      if (reason) return lotsPaused();
      if (outcome.status === 429) return problem;
      throw problem;
    }
  }
}

/** The run may have been sent, so a 503, which clients retry, would run it twice: answer 502. */
function refuseLostWrite(gateway: Gateway, { kind }: CallOutcome<Prediction>): (error: unknown) => never {
  return (error) => {
    const wasSent = kind === 'done' || kind === 'unknown';
    if (!wasSent || !isLostConnection(error)) throw error;
    gateway.ctx().log.error({ err: error }, 'the database was lost before the answer to a create was recorded');
    throw answerNotStored();
  };
}

function toLotFailure(status: number): LotFailureReason | null {
  if (status === 401) return 'token_refused';
  return status === 402 ? 'no_credit' : null;
}

async function voidAuthorization(ctx: Ctx, caller: Caller, run: AuthorizedRun): Promise<void> {
  await voidRun(ctx, { runId: run.id, buyerId: caller.buyerId, upstreamStatus: null, metrics: null, finalBody: null });
}

function isRequestedModel(prediction: Prediction, model: ServedModel): boolean {
  const sameModel = prediction.model === null || prediction.model === model.price.model;
  const sameVersion = prediction.version === null || prediction.version === 'hidden' || prediction.version === model.upstreamVersion;
  return sameModel && (sameVersion || model.upstreamVersion === model.price.model);
}

/**
 * Replicate answered with another model, such as an alias or a renamed one. Its price may differ, so the run is stopped and the name is
 * recorded for admins. The access key keeps working.
 */
async function stopWrongModel(ctx: Ctx, placing: Placement, run: AuthorizedRun, prediction: Prediction): Promise<never> {
  const { buyerId } = placing.caller;
  await recordUpstream(ctx, { buyerId, id: run.id }, prediction);
  const answered = `${prediction.model ?? 'no model'}:${prediction.version ?? 'no version'}`;
  ctx.log.error({ runId: run.id, upstreamId: prediction.id, answered }, 'the provider runs another model than was asked for');
  // Without a token the run cannot be canceled. The buyer pays nothing either way.
  const token = await openSecret(ctx, { secretId: run.secretId, boundTo: `listings/${run.listingId}` }).catch(() => null);
  if (token !== null) await ctx.ports.replicateRuns.cancel(token, prediction.id);
  await voidRun(ctx, {
    runId: run.id,
    buyerId,
    upstreamStatus: prediction.status,
    metrics: null,
    finalBody: null,
    exposure: 'other_model',
  });
  await explainExposure(ctx, run.id, `Asked for ${placing.model.price.model}, answered ${answered}.`);
  throw new Problem(
    502,
    'Bad gateway',
    `The provider answered for ${answered.slice(0, 200)} and not for ${placing.model.price.model}. The run was stopped and nothing is charged. Your key works on for other models.`,
  );
}
