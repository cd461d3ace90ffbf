import type { IncomingMessage } from 'node:http';
import { canonical } from '~/modules/metering/body-hash';
import { checkBody, refuseSecretIn } from './check-body';
import { readCancelAfter, readIdempotencyKey, readWaitMs } from './headers';
import { bytesAnnounced, header, isObject, readJson } from './http';
import { unprocessable } from './problems';

/** Enough for texts and small data URLs. Larger files belong at a public address. */
const BODY_BYTES = 4 * 1024 * 1024;

/** What to run: a name, a version, or both. */
export interface Target {
  model: string | null;
  version: string | null;
}

export interface CreateOrder {
  target: Target;
  input: Record<string, unknown>;
  /** Canonical JSON: the same for the same input, whatever the order of its fields. */
  inputText: string;
  cancelAfterSeconds: number | null;
  waitMs: number;
  idempotencyKey: string | null;
}

/** Even a tiny body takes this much memory, so it counts as this many bytes. */
const SMALLEST_BODY_BYTES = 16 * 1024;

/** How many bytes this body takes of the gateway's limit on bodies in memory. */
export function bodyUnits(req: IncomingMessage): number {
  return Math.max(SMALLEST_BODY_BYTES, bytesAnnounced(req, BODY_BYTES));
}

/** Reads a create. Only `version` and `input` of its body reach the provider. @throws as `readJson`. */
export async function readCreateOrder(req: IncomingMessage, modelInPath: string | null, signal: AbortSignal): Promise<CreateOrder> {
  if (/\btext\/event-stream\b/i.test(header(req, 'accept') ?? '')) throw noStreams();
  refuseSecretIn('the address', req.url);
  refuseSecretIn('Idempotency-Key', readIdempotencyKey(req));
  const body = await readJson(req, { cap: BODY_BYTES, signal });
  checkBody(body);
  const { input = {}, webhook, webhook_completed: webhookCompleted } = body;
  if (body.stream === true) throw noStreams();
  if (!isObject(input)) throw unprocessable('- input: must be an object\n', 'Input validation failed');
  if ((webhook !== undefined && webhook !== null) || webhookCompleted) {
    throw unprocessable('webhook: webhooks are not relayed yet. Poll the prediction, or send `Prefer: wait`.');
  }
  const target = modelInPath === null ? readVersion(body.version) : { model: modelInPath, version: null };
  return {
    target,
    input,
    inputText: canonical(input),
    cancelAfterSeconds: readCancelAfter(req),
    waitMs: readWaitMs(req),
    idempotencyKey: readIdempotencyKey(req),
  };
}

const noStreams = () =>
  unprocessable('stream: streams are not relayed yet. Leave it out and poll the prediction, or send `Prefer: wait`. Nothing was run.');

function readVersion(version: unknown): Target {
  const match = typeof version === 'string' ? /^(?:([\w.-]{1,100}\/[\w.-]{1,100}))?(?:(?:^|:)([0-9a-f]{64}))?$/.exec(version) : null;
  const [, model = null, hex = null] = match ?? [];
  if (!match || (model === null && hex === null))
    throw unprocessable('version: must be owner/name, owner/name:version, or the 64 hex digits of a version.');
  return { model, version: hex };
}
