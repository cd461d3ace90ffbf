import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Express, RequestHandler } from 'express';
import { findBuyerByKey } from '~/modules/metering/index.server';
import { paths } from '~/paths';
import { DomainError } from '~/platform/errors';
import { isLostConnection } from '~/platform/lost-connection';
import { createPrediction } from './create-prediction';
import { Gateway, type Caller, type GatewayServices } from './gateway';
import { readIdempotencyKey, readAccessKey } from './headers';
import { receiveHook } from './hooks';
import { send, type Reply } from './http';
import { listVersions, showModel, showVersion } from './models';
import { notServed } from './not-served';
import { passFile } from './output-files';
import { cancelPrediction, showAccount, showPrediction } from './predictions';
import { databaseLost, notFound, Problem, unauthenticated } from './problems';

const BASE = paths.gatewayBase();

interface Call {
  caller: Caller;
  req: IncomingMessage;
  res: ServerResponse;
}

type Answer = (gateway: Gateway, call: Call, ...parts: string[]) => Reply | Promise<Reply>;

/** Patterns for the parameters of an address. */
const PARTS = {
  id: '[a-z0-9]{1,64}',
  model: String.raw`[\w.-]{1,100}/[\w.-]{1,100}`,
  version: '[0-9a-f]{64}',
  run: 'run_[0-9a-f]{32}',
  mac: String.raw`[\w-]{43}`,
};

const route = (method: 'GET' | 'POST', address: string, answer: Answer) => ({ method, address, path: findPattern(address), answer });

const routes = [
  route('POST', '/predictions', (gateway, { caller, req, res }) => createPrediction(gateway, caller, null, req, res)),
  route('POST', '/models/:model/predictions', (gateway, { caller, req, res }, model = '') =>
    createPrediction(gateway, caller, model, req, res),
  ),
  route('GET', '/predictions/:id', (gateway, { caller }, id = '') => showPrediction(gateway, caller, id)),
  route('POST', '/predictions/:id/cancel', (gateway, { caller }, id = '') => cancelPrediction(gateway, caller, id)),
  route('GET', '/models/:model', (gateway, { caller }, model = '') => showModel(gateway, caller, model)),
  route('GET', '/models/:model/versions', (gateway, { caller, req }, model = '') => listVersions(gateway, caller, model, req)),
  route('GET', '/models/:model/versions/:version', (gateway, { caller }, model = '', version = '') =>
    showVersion(gateway, caller, model, version),
  ),
  route('GET', '/account', (_gateway, { caller }) => showAccount(caller)),
];

const HOOK = '/gateway/hooks/:run/:mac';
const hookPath = findPattern(HOOK);

/** Every route, such as `get /gateway/replicate/v1/account`. Anything else below /gateway is 404. */
const addresses = [
  ...routes.map(({ method, address }) => `${method.toLowerCase()} ${BASE}${address}`),
  `post ${HOOK}`,
  'get /gateway/files/:mac/*',
];

function findPattern(address: string): RegExp {
  return new RegExp(`^${address.replace(/:(\w+)/g, (_all, part: keyof typeof PARTS) => `(${PARTS[part]})`)}$`);
}

/**
 * Replicate's HTTP API for buyers, the webhook addresses and output files. Access keys belong on servers, so it reads no cookies and
 * sends no CORS headers. Plain node:http, since this is the hot path.
 */
function gatewayListener(services: GatewayServices): RequestListener {
  const gateway = new Gateway(services);
  return (req, res) => void answer(gateway, req, res, () => answerTo(gateway, req, res));
}

/** Mounts the gateway in front of everything that is mounted later. `addresses` lists its routes for tests. */
export function mountGateway(app: Express, services: GatewayServices): void {
  const listener = gatewayListener(services);
  const gateway: RequestHandler = (req, res, next) => {
    if (isForGateway(req)) listener(req, res);
    else next();
  };
  app.use(Object.assign(gateway, { addresses }));
}

/** Whether a request is the gateway's to answer. */
function isForGateway(req: IncomingMessage): boolean {
  return /^\/gateway(?:[/?]|$)/.test(req.url ?? '');
}

async function answer(gateway: Gateway, req: IncomingMessage, res: ServerResponse, work: () => Promise<Reply | null>): Promise<void> {
  const requestId = randomBytes(6).toString('hex');
  res.setHeader('x-request-id', requestId);
  try {
    const reply = await work();
    if (reply !== null) send(res, reply);
  } catch (error) {
    const problem = toProblem(error);
    if (problem.status === 500 || isLostConnection(error))
      gateway.ctx().log.error({ err: error, requestId, path: req.url }, 'a gateway call failed');
    send(res, { status: problem.status, body: problem.toBody(), headers: problem.headers });
  } finally {
    // Drain the rest of a refused body, or it would be read as the next request of this connection.
    if (!req.readableEnded) req.resume();
  }
}

/** Null if the answer was sent already. */
async function answerTo(gateway: Gateway, req: IncomingMessage, res: ServerResponse): Promise<Reply | null> {
  const full = readPath(req);
  if (full.startsWith('/gateway/files/')) return passFile(gateway, req, res).then(() => null);
  if (full.startsWith('/gateway/hooks/')) return hook(gateway, req, full);
  if (!full.startsWith(`${BASE}/`)) throw notFound();
  // Some clients add /v1 to a base URL that ends in it.
  const path = full.slice(BASE.length).replace(/^(?:\/v1)+(?=\/)/, '');
  const key = readAccessKey(req);
  const caller = key === null ? null : await findCaller(gateway, req, key);
  if (!caller) throw unauthenticated();
  for (const candidate of routes) {
    const match = candidate.method === req.method ? candidate.path.exec(path) : null;
    if (match) return candidate.answer(gateway, { caller, req, res }, ...match.slice(1));
  }
  throw notServed(req.method, path, gateway.ctx().config.publicUrl) ?? notFound();
}

/**
 * Creates check the key again when they authorize, so they may use the cache. Everything else reads the database, so that a revoked key
 * stops at once.
 */
function findCaller(gateway: Gateway, req: IncomingMessage, key: string): Promise<Caller | null> {
  const find = () => findBuyerByKey(gateway.ctx(), key);
  const asksAgain = req.method === 'POST' && readIdempotencyKey(req) === null && !req.url?.endsWith('/cancel');
  return asksAgain ? gateway.callers.get(key, find) : find();
}

async function hook(gateway: Gateway, req: IncomingMessage, path: string): Promise<Reply> {
  const match = req.method === 'POST' ? hookPath.exec(path) : null;
  if (!match) throw notFound();
  return receiveHook(gateway, req, match[1] ?? '', match[2] ?? '');
}

/** The path without the query and a trailing slash. */
function readPath(req: IncomingMessage): string {
  return (req.url ?? '/').replace(/\?.*$/, '').replace(/(.)\/+$/, '$1');
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DomainError)
    return new Problem(error.status, 'Refused', error.detail.field ? `- ${error.detail.field}: ${error.message}\n` : error.message);
  if (isLostConnection(error)) return databaseLost();
  return new Problem(500, 'Internal server error', 'Something broke on our side.');
}
