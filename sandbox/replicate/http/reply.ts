import type { ServerResponse } from 'node:http';
import { writeJson } from './json';

/** An answer in JSON. */
export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** What a route does with a call: answer it, cut the connection, or have answered by itself (streams and files). */
export type Outcome = Reply | 'cut' | 'answered';

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function send(response: ServerResponse, reply: Reply): void {
  const body = reply.body === undefined ? '' : writeJson(reply.body);
  response.writeHead(reply.status, {
    'content-type': reply.status >= 400 ? 'application/problem+json' : 'application/json',
    'content-length': Buffer.byteLength(body),
    ...reply.headers,
  });
  response.end(body);
}
