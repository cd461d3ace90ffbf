import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRun, noteLostAnswer } from '~/modules/metering/index.server';
import { isFinalStatus, publicPrediction } from '~/modules/metering/prediction-body';
import { hashOfText } from '~/modules/metering/body-hash';
import type { RunId } from '~/platform/ids';
import { isLostConnection } from '~/platform/lost-connection';
import { readCreateOrder, type CreateOrder } from './create-order';
import type { Caller, Gateway } from './gateway';
import type { Reply } from './http';
import { seeRun, type Seen } from './look-upstream';
import { placeRun } from './place-run';
import { runOfIdempotencyKey } from './idempotency';
import { notFound, throttled } from './problems';
import { servedModel } from './served-model';

/** Between two looks of an answer that is held back; longer as time goes on, since our webhook usually comes first. */
const LOOK_MS = [500, 500, 1_000, 1_000, 2_000];

interface Began {
  runId: RunId;
  seen: Seen;
}

/** POST /predictions and POST /models/{owner}/{name}/predictions. */
export async function createPrediction(
  gateway: Gateway,
  caller: Caller,
  modelInPath: string | null,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Reply> {
  const order = await readCreateOrder(req, modelInPath);
  const turn = gateway.limits.take(caller.accessKeyId, gateway.ctx().now.getTime());
  if ('retrySeconds' in turn) throw throttled(turn.retrySeconds);
  if (turn.waitMs > 0) await sleep(turn.waitMs);

  const open = `${caller.accessKeyId}:${order.target.model ?? ''}:${order.target.version ?? ''}:${order.inputText}`;
  const create = gateway.creates.takeOver<Began>(open) ?? gateway.creates.begin<Began>(open, () => begin(gateway, caller, order));
  const stopWatching = watchClient(res, () => {
    create.abandoned = true;
  });
  try {
    const { runId, seen } = await create.result;
    const waits = order.waitMs > 0 && !seen.final && !create.abandoned;
    const body = waits ? await waitFor(gateway, runId, seen, order.waitMs, res).catch(orAsPlaced(seen)) : seen.body;
    if (res.destroyed && create.abandoned) await noteLostAnswer(gateway.ctx(), { buyerId: caller.buyerId, id: runId });
    return { status: 201, body: asCreated(body), headers: createdHeaders(body, order) };
  } finally {
    stopWatching();
  }
}

async function begin(gateway: Gateway, caller: Caller, order: CreateOrder): Promise<Began> {
  const ctx = gateway.ctx();
  const model = await servedModel(gateway, ctx, caller.buyerId, order.target);
  const hash = hashOfText(model.price.model, order.inputText);
  const before = await runOfIdempotencyKey(ctx, caller, order.idempotencyKey, hash);
  if (before) return { runId: before.id, seen: await seeRun(gateway, before) };
  const placed = await placeRun(gateway, caller, order, model, hash);
  if (placed.prediction === null) return takenUp(gateway, placed.id);
  const { body, status } = placed.prediction;
  return { runId: placed.id, seen: { body: publicPrediction(body, gateway.addresses()), final: isFinalStatus(status) } };
}

/** The run whose answer was lost before. */
async function takenUp(gateway: Gateway, runId: RunId): Promise<Began> {
  const run = await findRun(gateway.ctx(), runId);
  if (!run) throw notFound();
  return { runId, seen: await seeRun(gateway, run) };
}

/** Holds the answer back until the run has ended, the client is gone, or the time is over. */
async function waitFor(gateway: Gateway, runId: RunId, first: Seen, waitMs: number, res: ServerResponse): Promise<Record<string, unknown>> {
  // How long this call has lasted, not what time it is: a moved clock does not shorten it.
  const until = performance.now() + waitMs;
  let seen = first;
  for (let look = 0; !seen.final && !res.destroyed; look += 1) {
    const left = until - performance.now();
    if (left <= 0) break;
    await gateway.waiters.next(runId, Math.min(left, LOOK_MS[look] ?? 3_000));
    const run = await findRun(gateway.ctx(), runId);
    if (!run) break;
    seen = await seeRun(gateway, run);
  }
  return seen.body;
}

/** The run is placed and written down: that its end cannot be read now is no reason to say that it was not. */
function orAsPlaced({ body }: Seen): (error: unknown) => Record<string, unknown> {
  return (error) => {
    if (isLostConnection(error)) return body;
    throw error;
  };
}

/** The official client takes any create that does not say `starting` for finished: one without output yet says so. */
function asCreated(body: Record<string, unknown>): Record<string, unknown> {
  const unfinished = body.status === 'processing' && (body.output === null || body.output === undefined);
  return unfinished ? { ...body, status: 'starting' } : body;
}

function createdHeaders(body: Record<string, unknown>, order: CreateOrder): Record<string, string> {
  const urls = body.urls as { get?: unknown } | undefined;
  return {
    ...(typeof urls?.get === 'string' ? { location: urls.get } : {}),
    ...(order.waitMs > 0 ? { 'preference-applied': 'wait' } : {}),
  };
}

/** Calls back when the client goes before its answer is out. */
function watchClient(res: ServerResponse, gone: () => void): () => void {
  const onClose = () => {
    if (!res.writableFinished) gone();
  };
  res.once('close', onClose);
  return () => {
    res.off('close', onClose);
  };
}
