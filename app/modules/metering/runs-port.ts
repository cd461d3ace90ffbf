import type { Readable } from 'node:stream';

/** A prediction as Replicate answers it; only what we read is named. */
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
 * How a call to Replicate ended. `refused`: Replicate said no, nothing runs. `not_sent`: no byte left us. `unknown`: it may have been
 * done; nobody may repeat it.
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
  /** Our own, so that the prediction names its run; null where Replicate cannot reach us. */
  webhook: string | null;
}

/** Replicate's predictions, each call with the token of the lot it runs on. */
export interface RunsPort {
  create(token: string, request: CreateRequest): Promise<CallOutcome<Prediction>>;
  get(token: string, predictionId: string): Promise<CallOutcome<Prediction>>;
  cancel(token: string, predictionId: string): Promise<CallOutcome<Prediction>>;
  /** The account's newest predictions, a page at a time, newest first. */
  list(token: string, cursor: string | null): Promise<CallOutcome<{ predictions: Prediction[]; next: string | null }>>;
}

/** The addresses at which Replicate tells us that a run has ended. */
export interface RunHooks {
  /** Null where Replicate cannot reach us: then the answers and the reconciler settle. */
  hookUrl(runId: string): string | null;
  /** Whether the address was made by us for that run. */
  holds(runId: string, mac: string): boolean;
}

/** Addresses of ours for output files that lie at the provider's API. */
export interface OutputAddresses {
  /** Ours for such a file; any other address stays as it is. */
  rewriteUrl(url: string): string;
  /** Whether the address was made by us for that path. */
  holds(path: string, mac: string): boolean;
}

export interface ProviderFile {
  status: number;
  headers: Record<string, string>;
  body: Readable;
}

/** Files at the provider's API, read without a token. */
export interface ProviderFiles {
  /** Null: the provider could not be asked. `conditions`: Range and the like. */
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
