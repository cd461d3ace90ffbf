export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export type Metrics = Record<string, number | string | boolean>;

export const WEBHOOK_EVENTS = ['start', 'output', 'logs', 'completed'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export type PredictionStatus = 'starting' | 'processing' | FinalStatus;
export type FinalStatus = 'succeeded' | 'failed' | 'canceled' | 'aborted';

export interface TokenRecord {
  token: string;
  revoked: boolean;
}

export interface AccountRecord {
  username: string;
  name: string;
  type: 'user' | 'organization';
  creditNano: bigint;
  tokens: TokenRecord[];
  webhookSecret: string;
  /** Prediction creates allowed per minute while the account's credit is not low. */
  createsPerMinute: number;
}

/** The kind of a prediction's output: files, text in pieces, or a plain value. */
export type OutputShape =
  | { kind: 'files'; extension: 'png' | 'mp4' | 'wav'; count: number; asList: boolean }
  | { kind: 'text'; pieces: number }
  | { kind: 'value'; value: Json };

/** How a prediction will go, decided at its creation so that a restart changes nothing. Times are sandbox milliseconds; null = never. */
export interface Plan {
  startsAt: number | null;
  outputAt: number | null;
  endsAt: number | null;
  ending: 'succeeded' | 'failed' | 'aborted';
  error: string | null;
  output: OutputShape;
  /** The unit metrics and predict_time of a full run, by which Replicate bills. */
  metrics: Metrics;
  /** The predict_time to report even if the run is cut short; null = the real time. */
  fixedSeconds: number | null;
  /** When the API shows the metrics: at the end, some milliseconds later, or never. */
  showMetrics: { afterMs: number } | 'never';
  /** `Prefer: wait` answers as soon as output exists, while the status is still `processing`. */
  answersWaitAtOutput: boolean;
}

export interface PredictionRecord {
  id: string;
  username: string;
  model: string;
  version: string;
  source: 'api' | 'web';
  input: JsonObject;
  webhook: string | null;
  webhookEvents: WebhookEvent[];
  createdAt: number;
  deadlineAt: number | null;
  plan: Plan;
  status: PredictionStatus;
  startedAt: number | null;
  outputReady: boolean;
  completedAt: number | null;
  error: string | null;
  metrics: Metrics | null;
  chargedNano: bigint;
}

export interface DeliveryRecord {
  id: string;
  predictionId: string;
  event: WebhookEvent;
}

export function isFinal(status: PredictionStatus): status is FinalStatus {
  return status !== 'starting' && status !== 'processing';
}
