import { z } from 'zod';
import type { CallOutcome, CreateRequest, Prediction, RunsPort } from '~/modules/metering/runs-port';
import { countable, exactDigits } from '~/platform/json';
import type { ApiClient, Json } from './api-client';

const time = z
  .string()
  .nullish()
  .catch(null)
  .transform((text) => (text && !Number.isNaN(Date.parse(text)) ? new Date(text) : null));
const text = z
  .string()
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

/** Metrics are used in calculations, so their numbers become JavaScript numbers. */
function plain(value: unknown): unknown {
  return exactDigits(value) === null ? value : countable(value);
}

const PredictionBody = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  status: z.string().regex(/^\w{1,40}$/),
  model: text,
  version: text,
  webhook: text,
  created_at: time,
  started_at: time,
  completed_at: time,
  metrics: z.record(z.string(), z.unknown().transform(plain)).nullish().catch(null),
  output: z.unknown(),
  input: z.unknown(),
});

/** Replicate's predictions over HTTP. The sandbox uses the same code. */
export function replicateRuns(client: ApiClient): RunsPort {
  return {
    create: async (token, request) => read(await client.call({ method: 'POST', path: '/v1/predictions', token, ...createCall(request) })),
    get: async (token, id) => read(await client.call({ method: 'GET', path: `/v1/predictions/${encodeURIComponent(id)}`, token })),
    cancel: async (token, id) =>
      read(await client.call({ method: 'POST', path: `/v1/predictions/${encodeURIComponent(id)}/cancel`, token })),
    list: async (token, cursor) =>
      readPage(
        await client.call({ method: 'GET', path: `/v1/predictions${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`, token }),
      ),
  };
}

function createCall({ version, input, cancelAfterSeconds, webhook }: CreateRequest): { body: Json; headers: Record<string, string> } {
  return {
    body: { version, input, ...(webhook ? { webhook, webhook_events_filter: ['completed'] } : {}) },
    headers: cancelAfterSeconds === null ? {} : { 'cancel-after': `${cancelAfterSeconds}s` },
  };
}

function read(outcome: CallOutcome<Json>): CallOutcome<Prediction> {
  if (outcome.kind !== 'done') return outcome;
  const prediction = toPrediction(outcome.value);
  return prediction ? { kind: 'done', value: prediction } : { kind: 'unknown', detail: 'the answer is no prediction' };
}

function toPrediction(body: Json): Prediction | null {
  const parsed = PredictionBody.safeParse(body);
  if (!parsed.success) return null;
  const { created_at: createdAt, started_at: startedAt, completed_at: completedAt, ...facts } = parsed.data;
  return { ...facts, metrics: facts.metrics ?? null, createdAt, startedAt, completedAt, body };
}

function readPage(outcome: CallOutcome<Json>): CallOutcome<{ predictions: Prediction[]; next: string | null }> {
  if (outcome.kind !== 'done') return outcome;
  const { results, next } = outcome.value;
  if (!Array.isArray(results)) return { kind: 'unknown', detail: 'the answer is no list' };
  const predictions = results.flatMap((item) => toPrediction(item as Json) ?? []);
  return { kind: 'done', value: { predictions, next: encodeCursor(next) } };
}

/** Use only the cursor of `next`: its address could lead elsewhere. */
function encodeCursor(next: unknown): string | null {
  return typeof next === 'string' && URL.canParse(next) ? new URL(next).searchParams.get('cursor') : null;
}
