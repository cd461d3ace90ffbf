import type { IncomingMessage } from 'node:http';
import { parseJson } from './json';
import type { Json, JsonObject } from '../world/records';

const LARGEST_BODY_BYTES = 12 * 1024 * 1024;

export type Body = { ok: true; value: JsonObject } | { ok: false; status: 400 | 413; detail: string };

/** Reads a request's body as a JSON object; no body at all is the empty object. */
export async function readJsonObject(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) return { ok: false, status: 413, detail: 'Request entity is too large.' };
    chunks.push(chunk);
  }
  return bytes === 0 ? { ok: true, value: {} } : parse(Buffer.concat(chunks).toString('utf8'));
}

function parse(text: string): Body {
  try {
    const value = parseJson(text) as Json;
    if (isJsonObject(value)) return { ok: true, value };
    return { ok: false, status: 400, detail: 'Request body must be a JSON object.' };
  } catch {
    return { ok: false, status: 400, detail: 'Request body is not valid JSON.' };
  }
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
