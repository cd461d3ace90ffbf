import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';
import { findBuyerByKey } from '~/modules/metering/index.server';
import { paths } from '~/paths';
import { DomainError } from '~/platform/errors';
import { createPrediction } from './create-prediction';
import { Gateway, type Caller, type GatewayServices } from './gateway';
import { keyOf } from './headers';
import { receiveHook } from './hooks';
import { send, type Reply } from './http';
import { cancelPrediction, showAccount, showPrediction } from './predictions';
import { notFound, Problem, unauthenticated } from './problems';

interface Call {
  caller: Caller;
  req: IncomingMessage;
  res: ServerResponse;
}

interface Route {
  method: 'GET' | 'POST';
  path: RegExp;
  answer(gateway: Gateway, call: Call, ...parts: string[]): Reply | Promise<Reply>;
}

const routes: Route[] = [
  { method: 'POST', path: /^\/predictions$/, answer: (gateway, { caller, req, res }) => createPrediction(gateway, caller, null, req, res) },
  {
    method: 'POST',
    path: /^\/models\/([\w.-]{1,100}\/[\w.-]{1,100})\/predictions$/,
    answer: (gateway, { caller, req, res }, model = '') => createPrediction(gateway, caller, model, req, res),
  },
  {
    method: 'GET',
    path: /^\/predictions\/([a-z0-9]{1,64})$/,
    answer: (gateway, { caller }, id = '') => showPrediction(gateway, caller, id),
  },
  {
    method: 'POST',
    path: /^\/predictions\/([a-z0-9]{1,64})\/cancel$/,
    answer: (gateway, { caller }, id = '') => cancelPrediction(gateway, caller, id),
  },
  { method: 'GET', path: /^\/account$/, answer: (_gateway, { caller }) => showAccount(caller) },
];

/**
 * Replicate's HTTP API for buyers, at `/gateway/replicate/v1`, and the addresses where Replicate tells us that a run has ended. No cookie
 * is read and no CORS header sent: access keys belong on servers.
 */
export function mountGateway(app: Express, services: GatewayServices): void {
  const gateway = new Gateway(services);
  app.use(paths.gatewayBase(), (req, res) => void answer(gateway, req, res, () => route(gateway, req, res)));
  app.use('/gateway/hooks', (req, res) => void answer(gateway, req, res, () => hook(gateway, req)));
  app.use('/gateway', (req, res) => void answer(gateway, req, res, () => Promise.reject(notFound())));
}

async function answer(gateway: Gateway, req: IncomingMessage, res: ServerResponse, work: () => Promise<Reply>): Promise<void> {
  try {
    send(res, await work());
  } catch (error) {
    const problem = toProblem(error);
    if (problem.status === 500) gateway.ctx().log.error({ err: error, path: req.url }, 'a gateway call failed');
    send(res, { status: problem.status, body: problem.toBody(), headers: problem.headers });
  } finally {
    // What was not read of a refused body must not stand before the next request of the connection.
    if (!req.readableEnded) req.resume();
  }
}

async function route(gateway: Gateway, req: IncomingMessage, res: ServerResponse): Promise<Reply> {
  const key = keyOf(req);
  const caller = key === null ? null : await findBuyerByKey(gateway.ctx(), key);
  if (!caller) throw unauthenticated();
  const path = pathOf(req);
  for (const candidate of routes) {
    const match = candidate.method === req.method ? candidate.path.exec(path) : null;
    if (match) return candidate.answer(gateway, { caller, req, res }, ...match.slice(1));
  }
  throw notFound();
}

async function hook(gateway: Gateway, req: IncomingMessage): Promise<Reply> {
  const match = req.method === 'POST' ? /^\/(run_[0-9a-f]{32})\/([\w-]{43})$/.exec(pathOf(req)) : null;
  if (!match) throw notFound();
  return receiveHook(gateway, req, match[1] ?? '', match[2] ?? '');
}

/** Below the mount, without query and without a slash at its end. */
function pathOf(req: IncomingMessage): string {
  return (req.url ?? '/').replace(/\?.*$/, '').replace(/(.)\/+$/, '$1');
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DomainError)
    return new Problem(error.status, 'Refused', error.detail.field ? `- ${error.detail.field}: ${error.message}\n` : error.message);
  return new Problem(500, 'Internal server error', 'Something broke on our side.');
}
