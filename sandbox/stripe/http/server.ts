import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerControl } from '../controls/control-routes';
import type { SandboxControl } from '../controls/control';
import type { Fault, Faults } from '../faults/faults';
import { sleep } from '../faults/sleep';
import { answerPage } from '../pages/answer-page';
import { answerApiCall, describeFailure, type ApiHouse } from './answer-api-call';
import { StripeProblem } from './problem';
import { BodyTooLarge, readBody } from './read-body';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface House extends ApiHouse {
  faults: Faults;
  control: SandboxControl;
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Listens on 127.0.0.1 only. Rejects when the port is taken. */
export function listen(
  port: number,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; port: number }> {
  const server = createServer(answer);
  server.keepAliveTimeout = 30_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve({ server, port: (server.address() as AddressInfo).port });
    });
  });
}

/** One HTTP request: the controls, Stripe's API, or a hosted page, with whatever fault lies in wait for it. */
export async function handle(house: House, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const method = request.method ?? 'GET';
  try {
    const body = await readBody(request);
    if (url.pathname.startsWith('/_sandbox/')) return send(response, await controlAnswer(house, request, url.pathname, body));
    await answerWithFault(house, { method, url, request, body }, response);
  } catch (error) {
    if (response.headersSent || response.destroyed) return;
    const failure = describeFailure(error instanceof BodyTooLarge ? new StripeProblem(413, error.message) : error);
    send(response, { status: failure.status, headers: { 'content-type': 'application/json', connection: 'close' }, body: failure.body });
  }
}

interface Visit {
  method: string;
  url: URL;
  request: IncomingMessage;
  body: string;
}

async function answerWithFault(house: House, visit: Visit, response: ServerResponse): Promise<void> {
  const fault = house.faults.take(visit.method, visit.url.pathname);
  switch (fault?.kind) {
    case 'drop_before':
    case 'outage':
      visit.request.socket.destroy();
      return;
    case 'timeout':
      await sleepOrGone(fault.ms, response);
      visit.request.socket.destroy();
      return;
    case '429':
      return send(response, rateLimited());
    case '502':
      return send(response, badGateway());
    case 'drop_after':
      await answer(house, visit, fault);
      visit.request.socket.destroy();
      return;
    default:
      return send(response, await answer(house, visit, fault));
  }
}

async function answer(house: House, visit: Visit, fault: Fault | undefined): Promise<Answer> {
  const { method, url, request, body } = visit;
  const path = url.pathname;
  if (/^\/v\d+\//.test(path))
    return answerApiCall(house, { method, path, query: url.search.slice(1), headers: request.headers, body }, fault);
  if (fault?.kind === 'latency') await sleep(fault.ms);
  if (fault?.kind === '500') return pageHeaders({ status: 500, body: 'The page failed, as it was told to.' }, 'text/plain');
  const answered = path === '/favicon.ico' ? { status: 204, body: '' } : answerPage(house.world, method, path, body);
  return pageHeaders(answered, 'text/html; charset=utf-8');
}

const pageHeaders = (page: { status: number; body: string; location?: string }, type: string): Answer => ({
  status: page.status,
  body: page.body,
  headers: {
    'content-type': type,
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(page.location !== undefined && { location: page.location }),
  },
});

/** Controls answer to this machine only, and never to a script in a web page. */
async function controlAnswer(house: House, request: IncomingMessage, path: string, body: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const local =
    loopback.has(request.socket.remoteAddress ?? '') && /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '');
  if (!local || request.headers.origin !== undefined) {
    return { status: 403, headers, body: JSON.stringify({ error: 'The controls answer to programs on this machine only.' }) };
  }
  return { headers, ...(await answerControl(house.control, { method: request.method ?? 'GET', path, body })) };
}

function rateLimited(): Answer {
  const body = { error: { code: 'rate_limit', message: 'Too many requests hit the API too quickly.', type: 'invalid_request_error' } };
  return { status: 429, headers: { 'content-type': 'application/json', 'retry-after': '1' }, body: JSON.stringify(body) };
}

const badGateway = (): Answer => ({
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
});

function send(response: ServerResponse, answer: Answer): void {
  const length = answer.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(answer.body)) };
  response.writeHead(answer.status, { ...answer.headers, ...length }).end(answer.body);
}

const sleepOrGone = (ms: number, response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once('close', () => (clearTimeout(timer), resolve()));
  });
