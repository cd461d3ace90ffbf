import type { IncomingMessage, ServerResponse } from 'node:http';
import { jsonText, parseJson } from '~/platform/json';
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

/** JSON, a body whose type is not named, and what `curl -d` calls a form. */
const READ_AS_JSON = /^(?:application\/(?:(?:[\w.+-]+\+)?json|x-www-form-urlencoded)\b.*|)$/i;

/** Reads a JSON object of at most `cap` bytes. @throws Problem 415, 413, 422. */
export async function readJson(req: IncomingMessage, cap: number): Promise<Record<string, unknown>> {
  const type = header(req, 'content-type') ?? '';
  if (!READ_AS_JSON.test(type)) throw new Problem(415, 'Unsupported media type', 'Send the body as application/json.');
  const tooLarge = () => new Problem(413, 'Request too large', `A body may have at most ${cap} bytes.`, { connection: 'close' });
  if (Number(header(req, 'content-length') ?? 0) > cap) throw tooLarge();
  return parseObject((await readBytes(req, cap, tooLarge)).toString('utf8'));
}

function readBytes(req: IncomingMessage, cap: number, tooLarge: () => Problem): Promise<Buffer> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > cap) return fail(tooLarge());
      chunks.push(chunk);
    });
    req.once('end', () => done(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    req.once('error', fail);
    req.once('close', () => req.readableEnded || fail(new Problem(400, 'Bad request', 'The connection ended before the body did.')));
  });
}

function parseObject(text: string): Record<string, unknown> {
  const value = parse(text);
  if (isDeeper(value, DEEPEST)) throw new Problem(422, 'Unprocessable Entity', `The body may be nested ${DEEPEST} levels deep.`);
  if (isObject(value)) return value;
  throw new Problem(422, 'Unprocessable Entity', 'The body must be a JSON object.');
}

/** What is nested deeper than any input is would end us, here or at the provider, where each level is a call. */
const DEEPEST = 64;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
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
