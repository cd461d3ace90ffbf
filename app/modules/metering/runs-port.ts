import type { Readable } from 'node:stream';

/** The fields of Replicate's prediction that we read. */
export interface Prediction {
  id: string;
  model: string | null;
  version: string | null;
  status: string;
  createdAt: Date | null;
  startedAt: Date | null;
  completedAt: Date | null;
  metrics: Record<string, unknown> | null;
  output: unknown;
  input: unknown;
  webhook: string | null;
  /** The whole answer. */
  body: Record<string, unknown>;
}

/**
 * How a call to Replicate ended. `refused`: Replicate declined, nothing runs. `not_sent`: nothing was sent. `unknown`: it may have been
 * done, so never repeat it.
 */
export type CallOutcome<T> =
  | { kind: 'done'; value: T }
  | { kind: 'refused'; status: number; body: Record<string, unknown>; retryAfter: string | null }
  | { kind: 'not_sent'; detail: string }
  | { kind: 'unknown'; detail: string };

export interface CreateRequest {
  /** "owner/name" for official models, 64 hex digits otherwise. */
  version: string;
  input: Record<string, unknown>;
  cancelAfterSeconds: number | null;
  /** Our webhook address, which also identifies the run; null if Replicate cannot reach us. */
  webhook: string | null;
}

/** Replicate's predictions. Each call uses the token of the run's lot. */
export interface RunsPort {
  create(token: string, request: CreateRequest): Promise<CallOutcome<Prediction>>;
  get(token: string, predictionId: string): Promise<CallOutcome<Prediction>>;
  cancel(token: string, predictionId: string): Promise<CallOutcome<Prediction>>;
  /** A page of the account's predictions, newest first. */
  list(token: string, cursor: string | null): Promise<CallOutcome<{ predictions: Prediction[]; next: string | null }>>;
}

/** Addresses for Replicate's webhooks. */
export interface RunHooks {
  /** Null if Replicate cannot reach us: then polls and the reconciler settle runs. */
  hookUrl(runId: string): string | null;
  /** Whether we made this address for that run. */
  holds(runId: string, mac: string): boolean;
}

/** Our addresses for output files at the provider's API. */
export interface OutputAddresses {
  /** Rewrites the address of such a file; others stay as they are. */
  rewriteUrl(url: string): string;
  /** Whether we made this address for that path. */
  holds(path: string, mac: string): boolean;
}

export interface ProviderFile {
  status: number;
  headers: Record<string, string>;
  body: Readable;
}

/** Files at the provider's API, read without a token. */
export interface ProviderFiles {
  /** Null if the provider cannot be reached. `conditions`: request headers such as Range. */
  open(method: 'GET' | 'HEAD', path: string, conditions: Record<string, string>): Promise<ProviderFile | null>;
}

declare module '~/platform/context' {
  interface Ports {
    replicateRuns: RunsPort;
    runHooks: RunHooks;
    outputAddresses: OutputAddresses;
    providerFiles: ProviderFiles;
  }
}
