import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRun, noteLostAnswer } from '~/modules/metering/index.server';
import { isFinalStatus, publicPrediction } from '~/modules/metering/prediction-body';
import { hashBodyText } from '~/modules/metering/body-hash';
import type { RunId } from '~/platform/ids';
import { isLostConnection } from '~/platform/lost-connection';
import { bodyUnits, readCreateOrder, type CreateOrder } from './create-order';
import type { StartedRun, Caller, Gateway } from './gateway';
import type { Reply } from './http';
import { viewRun, type RunView } from './look-upstream';
import type { OpenCreate } from './open-creates';
import { placeRun } from './place-run';
import { findRepeatedRun } from './idempotency';
import { notFound, nothingBought, throttled, tooMany } from './problems';
import { servedModel } from './served-model';

/** Pauses between two polls of a run while its create waits. They grow, since the webhook usually comes first. */
const LOOK_MS = [500, 500, 1_000, 1_000, 2_000];

interface CreateCall {
  gateway: Gateway;
  caller: Caller;
  modelInPath: string | null;
  req: IncomingMessage;
  /** This call's own create, or an abandoned one with the same body that it took over. */
  create: OpenCreate<StartedRun>;
}

interface Asked extends StartedRun {
  waitMs: number;
}

/** POST /predictions and POST /models/{owner}/{name}/predictions. A caller who may not run anything is refused before the body is read. */
export async function createPrediction(
  gateway: Gateway,
  caller: Caller,
  modelInPath: string | null,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Reply> {
  if (!caller.hasBought) throw nothingBought(gateway.ctx().config.publicUrl);
  const own = gateway.creates.open();
  const call: CreateCall = { gateway, caller, modelInPath, req, create: own };
  const stopWatching = watchClient(res, () => call.create.leave());
  try {
    await awaitRateLimit(call);
    const { runId, seen, waitMs, cancelAfterSeconds = null } = await ask(call);
    const waits = waitMs > 0 && !seen.final && !call.create.isAbandoned;
    const last = waits ? await waitFor(gateway, runId, seen, waitMs, res).catch(fallBackTo(seen)) : seen;
    if (res.destroyed && call.create.isAbandoned) await noteLostAnswer(gateway.ctx(), { buyerId: caller.buyerId, id: runId });
    return { status: 201, body: asCreated(last), headers: createdHeaders(last.body, waitMs, cancelAfterSeconds) };
  } finally {
    stopWatching();
    gateway.creates.close(own);
  }
}

/** Waits for the key's rate limit. @throws Problem 429. */
async function awaitRateLimit({ gateway, caller, create: { signal } }: CreateCall): Promise<void> {
  const turn = gateway.limits.take(caller.accessKeyId, gateway.monotonicMs());
  if ('retrySeconds' in turn) throw throttled(turn.retrySeconds);
  if (turn.waitMs > 0) await sleep(turn.waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/** Reads the body and starts the run. The body counts against the memory limit until the provider has answered. */
async function ask(call: CreateCall): Promise<Asked> {
  const { gateway, caller, modelInPath, req, create } = call;
  const { signal } = create;
  const endBody = await gateway.bodies.take(caller.buyerId, { units: bodyUnits(req), signal });
  if (!endBody) throw tooMany('Too many bodies are being read.');
  try {
    const order = await readCreateOrder(req, modelInPath, signal);
    const body = `${caller.accessKeyId}:${order.target.model ?? ''}:${order.target.version ?? ''}:${order.inputText}`;
    call.create = gateway.creates.takeOver(body) ?? create;
    const began = await (call.create.result ?? gateway.creates.begin(body, create, () => beginInTurn(call, order)));
    return { ...began, waitMs: order.waitMs };
  } finally {
    endBody();
  }
}

async function beginInTurn({ gateway, caller, create }: CreateCall, order: CreateOrder): Promise<StartedRun> {
  const endTurn = await gateway.sending.take(caller.buyerId, { signal: create.signal });
  if (!endTurn) throw tooMany('Too many runs are waiting to be sent.');
  return begin(gateway, caller, order, create).finally(endTurn);
}

async function begin(gateway: Gateway, caller: Caller, order: CreateOrder, create: OpenCreate<StartedRun>): Promise<StartedRun> {
  const ctx = gateway.ctx();
  const model = await servedModel(gateway, ctx, caller.buyerId, order.target);
  const hash = hashBodyText(model.price.model, order.inputText);
  const before = await findRepeatedRun(ctx, caller, order.idempotencyKey, hash);
  if (before) return { runId: before.id, seen: await viewRun(gateway, before) };
  const placed = await placeRun(gateway, caller, order, model, hash, create);
  if (placed.prediction === null) return resumeRun(gateway, placed.id);
  const { cancelAfterSeconds } = placed;
  const { body, status } = placed.prediction;
  return {
    runId: placed.id,
    seen: { body: publicPrediction(body, gateway.addresses()), final: isFinalStatus(status) },
    cancelAfterSeconds,
  };
}

/** Answers a repeated create with the run whose first answer was lost. */
async function resumeRun(gateway: Gateway, runId: RunId): Promise<StartedRun> {
  const run = await findRun(gateway.ctx(), runId);
  if (!run) throw notFound();
  return { runId, seen: await viewRun(gateway, run) };
}

/** Waits until the run ends, the client leaves, the time is over, or the process stops. */
async function waitFor(gateway: Gateway, runId: RunId, first: RunView, waitMs: number, res: ServerResponse): Promise<RunView> {
  // A monotonic clock: changing the system time does not shorten the wait.
  const until = performance.now() + waitMs;
  let seen = first;
  for (let look = 0; !seen.final && !res.destroyed; look += 1) {
    const left = until - performance.now();
    if (left <= 0) break;
    await gateway.waiters.next(runId, Math.min(left, LOOK_MS[look] ?? 3_000));
    if (gateway.waiters.isStopped) break;
    const run = await findRun(gateway.ctx(), runId);
    if (!run) break;
    seen = await viewRun(gateway, run);
  }
  return seen;
}

/** The run is placed and recorded. If the database is lost while we wait, the last known state is still a true answer. */
function fallBackTo(seen: RunView): (error: unknown) => RunView {
  return (error) => {
    if (isLostConnection(error)) return seen;
    throw error;
  };
}

/** The official client takes any status but `starting` for finished, and would take partial output for all of it. */
function asCreated({ body, final }: RunView): Record<string, unknown> {
  return final ? body : { ...body, status: 'starting', output: null };
}

function createdHeaders(body: Record<string, unknown>, waitMs: number, cancelAfterSeconds: number | null): Record<string, string> {
  const urls = body.urls as { get?: unknown } | undefined;
  return {
    ...(typeof urls?.get === 'string' ? { location: urls.get } : {}),
    ...(cancelAfterSeconds === null ? {} : { 'cancel-after': `${cancelAfterSeconds}s` }),
    ...(waitMs > 0 ? { 'preference-applied': 'wait' } : {}),
  };
}

/** Calls `gone` if the client closes the connection before the answer is sent. */
function watchClient(res: ServerResponse, gone: () => void): () => void {
  const onClose = () => {
    if (!res.writableFinished) gone();
  };
  res.once('close', onClose);
  return () => {
    res.off('close', onClose);
  };
}
