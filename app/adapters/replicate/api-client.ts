import { Pool } from 'undici';
import type { CallOutcome } from '~/modules/metering/runs-port';
import { parseJson, jsonText } from '~/platform/json';

/** Longer than Replicate takes to accept a prediction. A create without an answer by then is unknown. */
const TIMEOUT_MS = 30_000;
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;
/** A model may print its environment, and an error may echo the request: remove tokens and keys. */
const SECRETS = /r8_[A-Za-z0-9]{37}|cmk_[0-9a-f]{32}_[0-9A-Za-z]{32}/g;
/** Failures before the first byte of a request was sent. */
const NOT_SENT = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

export type Json = Record<string, unknown>;

export interface ApiCall {
  method: 'GET' | 'POST';
  /** Below the origin: "/v1/predictions". */
  path: string;
  token: string;
  body?: Json;
  headers?: Record<string, string>;
}

export interface ApiClient {
  call(call: ApiCall): Promise<CallOutcome<Json>>;
  close(): Promise<void>;
}

/**
 * Keep-alive connections to Replicate, shared by the process. Creates have their own, as many as the gateway sends at once, so that no
 * create waits behind reads. Each call sends its token in one header.
 */
export function replicateClient(options: { apiUrl: string }): ApiClient {
  const url = new URL(options.apiUrl);
  const open = () =>
    new Pool(url.origin, {
      connections: CONNECTIONS,
      keepAliveTimeout: 20_000,
      connectTimeout: 8_000,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      maxResponseSize: LARGEST_ANSWER_BYTES,
    });
  const [creates, others] = [open(), open()];
  const prefix = url.pathname.replace(/\/+$/, '');
  return {
    call: (call) => send(isCreate(call) ? creates : others, prefix, call),
    close: async () => void (await Promise.all([creates.close(), others.close()])),
  };
}

const CONNECTIONS = 128;

function isCreate({ method, path }: ApiCall): boolean {
  return method === 'POST' && path === '/v1/predictions';
}

async function send(pool: Pool, prefix: string, call: ApiCall): Promise<CallOutcome<Json>> {
  try {
    const answer = await pool.request({
      method: call.method,
      path: `${prefix}${call.path}`,
      headers: {
        authorization: `Bearer ${call.token}`,
        accept: 'application/json',
        'user-agent': 'credit-mart',
        ...(call.body ? { 'content-type': 'application/json' } : {}),
        ...call.headers,
      },
      body: call.body ? jsonText(call.body) : null,
    });
    const text = await answer.body.text();
    return toOutcome(answer.statusCode, text, answer.headers['retry-after']);
  } catch (error) {
    const code = errorCode(error);
    return NOT_SENT.has(code) ? { kind: 'not_sent', detail: code } : { kind: 'unknown', detail: code };
  }
}

function toOutcome(status: number, text: string, retryAfter: string | string[] | undefined): CallOutcome<Json> {
  const body = parse(text);
  if (status >= 200 && status < 300) return body ? { kind: 'done', value: body } : { kind: 'unknown', detail: 'unreadable answer' };
  if (status >= 400 && status < 500) {
    return {
      kind: 'refused',
      status,
      body: body ?? { detail: 'The provider refused this call.', status },
      retryAfter: typeof retryAfter === 'string' ? retryAfter : secondsIn(body),
    };
  }
  return { kind: 'unknown', detail: `status ${status}` };
}

/** Replicate gives the seconds in `retry_after`, or only in the sentence: "Your rate limit resets in ~30s." */
function secondsIn(body: Json | null): string | null {
  const { retry_after: named, detail } = body ?? {};
  const seconds = typeof named === 'number' ? named : typeof detail === 'string' ? Number(/resets in ~?(\d{1,5})s/.exec(detail)?.[1]) : NaN;
  return seconds >= 0 && seconds <= 86_400 ? String(Math.ceil(seconds)) : null;
}

function withoutSecrets(text: string): string {
  return text.replace(SECRETS, '[removed]');
}

function parse(text: string): Json | null {
  try {
    const value = parseJson(withoutSecrets(text));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
}
