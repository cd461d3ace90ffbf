import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { PatternFinder } from '~/web/route-patterns';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Outcomes of a create at the gateway by status, named as in docs/gateway.md. */
const OUTCOMES: Record<number, string> = {
  201: 'created',
  401: 'bad_key',
  402: 'no_credit',
  422: 'refused',
  429: 'throttled',
  502: 'answer_lost',
  503: 'unavailable',
};

/** Counts responses by route pattern, method and class of status, their durations, and refusals with 429. */
export function countAnswers(server: Server, registry: Registry, findPattern: PatternFinder): void {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'credit_mart_http_request_seconds',
    help: 'Requests answered, by how long they took, from their head to the last byte of the answer',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers,
  });
  const creates = new Counter({
    name: 'credit_mart_gateway_creates_total',
    help: 'Runs asked for at the gateway, by what was answered',
    labelNames: ['outcome'],
    registers,
  });
  const limited = new Counter({
    name: 'credit_mart_rate_limited_total',
    help: 'Requests refused with 429',
    labelNames: ['route'],
    registers,
  });
  // Before Express, which shortens the URL while it matches routes.
  server.prependListener('request', (req: IncomingMessage, res: ServerResponse) => {
    const from = performance.now();
    const route = findPattern(req.url ?? '/');
    const { method = 'GET' } = req;
    res.once('close', () => {
      const status = res.writableFinished ? `${Math.floor(res.statusCode / 100)}xx` : 'aborted';
      seconds.observe({ route, method: METHODS.has(method) ? method : 'other', status }, (performance.now() - from) / 1_000);
      if (method === 'POST' && isCreate(route))
        creates.inc({ outcome: res.writableFinished ? (OUTCOMES[res.statusCode] ?? 'other') : 'client_left' });
      if (res.statusCode === 429) limited.inc({ route });
    });
  });
}

function isCreate(route: string): boolean {
  return route.startsWith('/gateway/replicate/v1/') && route.endsWith('/predictions');
}
