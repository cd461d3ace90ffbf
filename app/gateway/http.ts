import type { IncomingMessage, ServerResponse } from 'node:http';
import { jsonText, parseJson } from '~/platform/json';
import { measureJson } from './json-shape';
import { Problem } from './problems';

export interface Reply {
  status: number;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
}

export function send(res: ServerResponse, reply: Reply): void {
  if (res.headersSent || res.destroyed) return;
  const text = jsonText(reply.body);
  res.writeHead(reply.status, {
    'content-type': reply.status >= 400 ? 'application/problem+json' : 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...reply.headers,
  });
  res.end(text);
}

/** JSON, a missing content type, and the form type that `curl -d` sends. */
const READ_AS_JSON = /^(?:application\/(?:(?:[\w.+-]+\+)?json|x-www-form-urlencoded)\b.*|)$/i;

/** More values than any model's input has. The cost of parsing grows with the number of values, not of bytes. */
const MOST_VALUES = 10_000;
/** Deeper nesting could exhaust the call stack, here or at the provider. */
const DEEPEST = 64;
/** Time allowed for a body: a base, and more with its size. 4 MB may take 50 s. */
const SLOWEST = { ms: 10_000, bytesPerSecond: 100 * 1024 };

export interface BodyLimits {
  /** Bytes. */
  cap: number;
  mostValues?: number;
  /** Ends the reading when it aborts. */
  signal?: AbortSignal;
}

/** Reads a JSON object. @throws Problem 408, 413, 415, 422; the signal's reason if it aborts before the body is read. */
export async function readJson(
  req: IncomingMessage,
  { cap, mostValues = MOST_VALUES, signal }: BodyLimits,
): Promise<Record<string, unknown>> {
  const type = header(req, 'content-type') ?? '';
  if (!READ_AS_JSON.test(type)) throw new Problem(415, 'Unsupported media type', 'Send the body as application/json.');
  const tooLarge = () => new Problem(413, 'Request too large', `A body may have at most ${cap} bytes.`, { connection: 'close' });
  if (Number(header(req, 'content-length') ?? 0) > cap) throw tooLarge();
  const bytes = await readBytes(req, cap, tooLarge, signal);
  const { values, depth } = measureJson(bytes);
  if (depth > DEEPEST) throw new Problem(422, 'Unprocessable Entity', `The body may be nested ${DEEPEST} levels deep.`);
  if (values > mostValues) throw new Problem(422, 'Unprocessable Entity', `The body may have at most ${mostValues} values.`);
  return parseObject(bytes.toString('utf8'));
}

/** The size from Content-Length, or the cap without one. In bytes, at most `cap`. */
export function bytesAnnounced(req: IncomingMessage, cap: number): number {
  const length = header(req, 'content-length');
  return length === undefined ? cap : Math.min(cap, Number(length));
}

function readBytes(req: IncomingMessage, cap: number, tooLarge: () => Problem, signal: AbortSignal | undefined): Promise<Buffer> {
  const patienceMs = SLOWEST.ms + (bytesAnnounced(req, cap) / SLOWEST.bytesPerSecond) * 1_000;
  let stopReading = () => {};
  const body = new Promise<Buffer>((done, fail) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const late = setTimeout(
      () => fail(new Problem(408, 'Request timeout', 'The body came too slowly.', { connection: 'close' })),
      patienceMs,
    );
    const calledOff = () => fail(signal?.reason as Error);
    signal?.addEventListener('abort', calledOff);
    if (signal?.aborted) calledOff();
    stopReading = () => {
      clearTimeout(late);
      signal?.removeEventListener('abort', calledOff);
      req.removeAllListeners('data');
      chunks.length = 0;
    };
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > cap) return fail(tooLarge());
      chunks.push(chunk);
    });
    req.once('end', () => done(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    req.once('error', fail);
    req.once('close', () => req.readableEnded || fail(new Problem(400, 'Bad request', 'The connection ended before the body did.')));
  });
  return body.finally(stopReading);
}

function parseObject(text: string): Record<string, unknown> {
  const value = parse(text);
  if (isObject(value)) return value;
  throw new Problem(422, 'Unprocessable Entity', 'The body must be a JSON object.');
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
