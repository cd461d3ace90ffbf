import type { IncomingHttpHeaders } from 'node:http';
import { endpoints } from '../api/endpoints';
import { API_VERSION } from '../core/api-version';
import { newRequestId } from '../core/ids';
import type { World } from '../core/world';
import type { Fault } from '../faults/faults';
import { sleep } from '../faults/sleep';
import { authenticate } from './authenticate';
import type { Endpoint } from './endpoint';
import type { Exchange } from './exchange';
import { expandObject } from './expand';
import { canonicalForm, parseForm, type FormTree } from './form';
import type { IdempotencyKeys, KeyedRequest } from './idempotency';
import { Parameters } from './parameters';
import { notImplemented, StripeProblem } from './problem';

export interface ApiRequest {
  method: string;
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface ApiHouse {
  world: World;
  keys: IdempotencyKeys;
  secretKey: string;
  origin: () => string;
  onExchange: ((exchange: Exchange) => void) | undefined;
}

interface Result {
  status: number;
  body: string;
  replayedFrom?: string;
  headers?: Record<string, string>;
}

/** One call of Stripe's API from the headers to the answer; `fault` is what goes wrong while it is worked on. */
export async function answerApiCall(house: ApiHouse, request: ApiRequest, fault: Fault | undefined): Promise<ApiAnswer> {
  const requestId = newRequestId();
  const parameters = parseForm(request.method === 'POST' ? request.body : request.query);
  const found = findEndpoint(request.method, request.path);
  const key = request.method === 'POST' ? headerText(request.headers['idempotency-key']) : null;
  let result: Result;
  try {
    authenticate(request.headers, house.secretKey);
    if (found === undefined) throw notImplemented(`${request.method} ${request.path}`);
    const keyed = key === null ? null : { key, endpoint: request.path, fingerprint: canonicalForm(parameters) };
    result = await once(house, keyed, requestId, fault, () => work(house, found, parameters, requestId, keyed));
  } catch (error) {
    result = describeFailure(error);
  }
  const version = headerText(request.headers['stripe-version']);
  house.onExchange?.({
    method: request.method,
    path: request.path,
    operation: found?.endpoint.operation,
    parameters,
    idempotencyKey: key,
    apiVersion: version,
    requestId,
    status: result.status,
    replayed: result.replayedFrom !== undefined,
    body: JSON.parse(result.body) as unknown,
  });
  return {
    status: result.status,
    body: result.body,
    headers: {
      'content-type': 'application/json',
      'request-id': requestId,
      'stripe-version': version ?? API_VERSION,
      ...(key !== null && { 'idempotency-key': key, 'original-request': result.replayedFrom ?? requestId }),
      ...(result.replayedFrom !== undefined && { 'idempotent-replayed': 'true' }),
      ...result.headers,
    },
  };
}

/** Does the work under its idempotency key, or replays what it did before. */
async function once(
  house: ApiHouse,
  keyed: KeyedRequest | null,
  requestId: string,
  fault: Fault | undefined,
  doWork: () => Result,
): Promise<Result> {
  const stored = keyed === null ? undefined : house.keys.claim(keyed);
  if (stored !== undefined)
    return { status: stored.status, body: stored.body, replayedFrom: stored.requestId, headers: retryAdvice(stored.status) };
  try {
    if (fault?.kind === 'latency') await sleep(fault.ms);
    if (fault?.kind === '500')
      return keepFailure(house, keyed, requestId, new StripeProblem(500, 'An unknown error occurred', { type: 'api_error', kept: true }));
    return doWork();
  } finally {
    if (keyed !== null) house.keys.release(keyed.key);
  }
}

function work(
  house: ApiHouse,
  found: { endpoint: Endpoint; id: string },
  tree: FormTree,
  requestId: string,
  keyed: KeyedRequest | null,
): Result {
  const { world, keys } = house;
  const parameters = new Parameters(tree);
  const expand = parameters.texts('expand');
  try {
    const run = found.endpoint.answer({ world, id: found.id, parameters, origin: house.origin() });
    return world.perform({ id: requestId, idempotencyKey: keyed?.key ?? null }, () => {
      const body = JSON.stringify(expandObject(world, run(), expand), null, 2);
      if (keyed !== null) keys.keep(keyed, { status: 200, body, requestId });
      return { status: 200, body };
    });
  } catch (error) {
    if (error instanceof StripeProblem && error.kept) return keepFailure(house, keyed, requestId, error);
    throw error;
  }
}

function keepFailure(house: ApiHouse, keyed: KeyedRequest | null, requestId: string, problem: StripeProblem): Result {
  const result = describeFailure(problem);
  if (keyed !== null) {
    house.world.perform(null, () => house.keys.keep(keyed, { status: result.status, body: result.body, requestId }));
  }
  return result;
}

export function describeFailure(error: unknown): Result {
  const problem =
    error instanceof StripeProblem ? error : new StripeProblem(500, `The Stripe sandbox failed: ${String(error)}`, { type: 'api_error' });
  return { status: problem.status, body: JSON.stringify(problem.envelope(), null, 2), headers: retryAdvice(problem.status) };
}

/** Stripe tells its clients when a retry is of no use, and when it is. */
function retryAdvice(status: number): Record<string, string> {
  if (status === 409) return { 'stripe-should-retry': 'true' };
  return status >= 500 ? { 'stripe-should-retry': 'false' } : {};
}

function findEndpoint(method: string, path: string): { endpoint: Endpoint; id: string } | undefined {
  for (const endpoint of endpoints) {
    const match = endpoint.method === method ? endpoint.pattern.exec(path) : null;
    if (match !== null) return { endpoint, id: match[1] ?? '' };
  }
  return undefined;
}

const headerText = (value: string | string[] | undefined): string | null => (Array.isArray(value) ? (value[0] ?? null) : (value ?? null));
