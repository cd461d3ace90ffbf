import { exactDigits } from '~/platform/json';
import type { Run } from './run-record';

const passed = [
  'id',
  'model',
  'version',
  'input',
  'logs',
  'output',
  'data_removed',
  'error',
  'status',
  'created_at',
  'started_at',
  'completed_at',
  'deadline',
  'metrics',
] as const;

export const finalStatuses = ['succeeded', 'failed', 'canceled', 'aborted'] as const;
export type FinalStatus = (typeof finalStatuses)[number];

export function isFinalStatus(status: string | null): status is FinalStatus {
  return finalStatuses.includes(status as FinalStatus);
}

/** The official client would poll forever on `aborted`, so it is shown as canceled. */
function shownStatus(status: unknown): unknown {
  return status === 'aborted' ? 'canceled' : status;
}

function predictionUrls(gatewayUrl: string, walletUrl: string, id: unknown) {
  const get = `${gatewayUrl}/predictions/${String(id)}`;
  return { get, cancel: `${get}/cancel`, web: walletUrl };
}

/** A prediction's facts, without any address. */
export function pickPublicFields(body: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const field of passed) if (field in body) kept[field] = body[field];
  return kept;
}

export interface PublicAddresses {
  /** "https://…/gateway/replicate/v1". */
  gatewayUrl: string;
  walletUrl: string;
  /** The address at which whoever has the answer can load an output file. */
  fileUrl(url: string): string;
}

/**
 * A prediction as a buyer's client sees it, with our addresses only. Leaves out what names the lot: our webhook, the dashboard, and a
 * stream to which the client would send its key.
 */
export function publicPrediction(body: Record<string, unknown>, addresses: PublicAddresses): Record<string, unknown> {
  const facts = pickPublicFields(body);
  return {
    ...facts,
    ...('output' in facts ? { output: withOurFiles(facts.output, addresses) } : {}),
    status: shownStatus(body.status),
    source: 'api',
    urls: predictionUrls(addresses.gatewayUrl, addresses.walletUrl, body.id),
  };
}

/** In characters of JSON. A larger echo of an input is not kept with its run: Postgres would spend seconds on it. */
const LARGEST_KEPT_INPUT = 16_384;

/** What is kept of an ended prediction: all but the echo of a large input, which Replicate has for as long as we would show it. */
export function keptPrediction(body: Record<string, unknown>): Record<string, unknown> {
  const { input, ...rest } = body;
  return (JSON.stringify(input) ?? '').length > LARGEST_KEPT_INPUT ? rest : body;
}

function withOurFiles(output: unknown, addresses: PublicAddresses): unknown {
  if (typeof output === 'string') return addresses.fileUrl(output);
  if (Array.isArray(output)) return output.map((part) => withOurFiles(part, addresses));
  if (typeof output !== 'object' || output === null || exactDigits(output) !== null) return output;
  return Object.fromEntries(Object.entries(output).map(([name, part]) => [name, withOurFiles(part, addresses)]));
}

/** A prediction built from our row alone: before Replicate is asked, and after its data is removed. */
export function predictionOfRun(run: Run, addresses: PublicAddresses): Record<string, unknown> {
  const open = run.state === 'authorized' || run.state === 'unknown';
  const status = open ? (run.upstreamStatus ?? 'starting') : isFinalStatus(run.upstreamStatus) ? run.upstreamStatus : 'failed';
  return {
    id: run.upstreamId,
    model: run.model,
    version: run.version,
    input: {},
    logs: '',
    output: null,
    data_removed: !open,
    error: null,
    status: shownStatus(status),
    source: 'api',
    created_at: run.createdAt.toISOString(),
    started_at: null,
    completed_at: run.settledAt?.toISOString() ?? null,
    metrics: run.metrics ?? {},
    urls: predictionUrls(addresses.gatewayUrl, addresses.walletUrl, run.upstreamId),
  };
}
