import { makeWords } from '../files/words';
import { isFinal, type Json, type PredictionRecord } from '../world/records';

/** Input, output and logs of a prediction are removed an hour after it ended. */
const DATA_KEPT_MS = 3_600_000;

export interface View {
  baseUrl: string;
  now: number;
  /** The model's name in answers. */
  model: string;
  /** Answers `hidden` instead of an official model's version, as Replicate does. */
  hideVersion: boolean;
  /** The URL of the text stream; undefined for models that do not stream. */
  streamUrl: string | undefined;
}

/** A prediction as the API and webhooks show it. */
export function renderPrediction(prediction: PredictionRecord, view: View): object {
  const removed = dataRemoved(prediction, view.now);
  const { id, source, error, status, createdAt, startedAt, completedAt, deadlineAt, webhook, webhookEvents } = prediction;
  return {
    id,
    model: view.model,
    version: view.hideVersion ? 'hidden' : prediction.version,
    input: removed ? {} : prediction.input,
    logs: removed ? '' : renderLogs(prediction),
    output: removed ? null : renderOutput(prediction, view.baseUrl),
    data_removed: removed,
    error,
    source,
    status,
    created_at: time(createdAt),
    started_at: startedAt === null ? null : time(startedAt),
    completed_at: completedAt === null ? null : time(completedAt),
    ...(deadlineAt === null ? {} : { deadline: time(deadlineAt) }),
    ...(webhook === null ? {} : { webhook, webhook_events_filter: webhookEvents }),
    metrics: shownMetrics(prediction, view.now),
    urls: renderUrls(prediction.id, view),
  };
}

export function dataRemoved({ completedAt }: PredictionRecord, now: number): boolean {
  return completedAt !== null && now - completedAt >= DATA_KEPT_MS;
}

/** A prediction's output so far; null before it has any and after a failure. */
export function renderOutput({ id, outputReady, plan }: PredictionRecord, baseUrl: string): Json {
  if (!outputReady) return null;
  const { output } = plan;
  switch (output.kind) {
    case 'files': {
      const urls = Array.from({ length: output.count }, (_, index) => `${baseUrl}/files/${id}/${index}.${output.extension}`);
      return output.asList ? urls : (urls[0] ?? null);
    }
    case 'text':
      return makeWords(output.pieces);
    case 'value':
      return output.value;
  }
}

function renderLogs({ startedAt, outputReady, plan }: PredictionRecord): string {
  if (startedAt === null) return '';
  return outputReady ? `Running the model\nDone in ${String(plan.metrics['predict_time'] ?? '?')}s\n` : 'Running the model\n';
}

function shownMetrics({ status, completedAt, metrics, plan }: PredictionRecord, now: number): object {
  if (!isFinal(status) || completedAt === null || metrics === null || plan.showMetrics === 'never') return {};
  return now >= completedAt + plan.showMetrics.afterMs ? metrics : {};
}

function renderUrls(id: string, { baseUrl, streamUrl }: View): object {
  return {
    get: `${baseUrl}/v1/predictions/${id}`,
    cancel: `${baseUrl}/v1/predictions/${id}/cancel`,
    ...(streamUrl === undefined ? {} : { stream: streamUrl }),
    web: `https://replicate.com/p/${id}`,
  };
}

function time(at: number): string {
  return new Date(at).toISOString();
}
