import type { IncomingMessage, ServerResponse } from 'node:http';
import { ok, type Outcome } from '../http/reply';
import { isRefusal, type Call } from '../running/behaviours';
import type { Sandbox } from '../sandbox';
import type { AccountRecord } from '../world/records';
import { createPrediction } from './create-prediction';
import { listPredictions } from './list-predictions';
import * as problems from './problems';
import { refuse } from './refuse';
import * as models from './show-models';
import { streamOutput } from './stream';

/** One authenticated call of the API. */
export interface ApiCall {
  request: IncomingMessage;
  account: AccountRecord;
  query: URLSearchParams;
}

interface Route {
  method: 'GET' | 'POST';
  path: RegExp;
  /** The name of this call in behaviours. */
  call?: Call;
  answer: (sandbox: Sandbox, call: ApiCall, ...parts: string[]) => Outcome | Promise<Outcome>;
}

const routes: Route[] = [
  { method: 'POST', path: /^\/v1\/predictions$/, answer: (sandbox, call) => createPrediction(sandbox, call, { kind: 'version' }) },
  {
    method: 'POST',
    path: /^\/v1\/models\/([^/]+\/[^/]+)\/predictions$/,
    answer: (sandbox, call, name = '') => createPrediction(sandbox, call, { kind: 'model', name }),
  },
  { method: 'GET', path: /^\/v1\/predictions\/([a-z0-9]+)$/, call: 'get', answer: showPrediction },
  { method: 'POST', path: /^\/v1\/predictions\/([a-z0-9]+)\/cancel$/, call: 'cancel', answer: cancelPrediction },
  {
    method: 'GET',
    path: /^\/v1\/predictions$/,
    call: 'list',
    answer: (sandbox, call) => listPredictions(sandbox, call.account, call.query),
  },
  { method: 'GET', path: /^\/v1\/account$/, call: 'account', answer: (_sandbox, { account }) => ok(renderAccount(account)) },
  { method: 'GET', path: /^\/v1\/models$/, answer: (sandbox) => models.listModels(sandbox) },
  {
    method: 'GET',
    path: /^\/v1\/models\/([^/]+\/[^/]+)$/,
    answer: (sandbox, { account }, name = '') => models.showModel(sandbox, account, name),
  },
  {
    method: 'GET',
    path: /^\/v1\/models\/([^/]+\/[^/]+)\/versions$/,
    answer: (sandbox, { account }, name = '') => models.listVersions(sandbox, account, name),
  },
  {
    method: 'GET',
    path: /^\/v1\/models\/([^/]+\/[^/]+)\/versions\/([0-9a-f]+)$/,
    answer: (sandbox, { account }, name = '', version = '') => models.showVersion(sandbox, account, name, version),
  },
  { method: 'GET', path: /^\/v1\/hardware$/, answer: () => models.listHardware() },
  { method: 'GET', path: /^\/v1\/webhooks\/default\/secret$/, answer: (_sandbox, { account }) => ok({ key: account.webhookSecret }) },
];

/** Answers one call under /v1: outage, token, behaviours, limits, then the route. */
export async function answerApi(sandbox: Sandbox, request: IncomingMessage, response: ServerResponse, url: URL): Promise<Outcome> {
  if (sandbox.outage.until > performance.now()) return sandbox.outage.mode === 'reset' ? 'cut' : problems.outage();
  const stream = /^\/v1\/streams\/([a-z0-9]+)\/([0-9a-f]+)$/.exec(url.pathname);
  if (stream) return streamOutput(sandbox, response, stream[1] ?? '', stream[2] ?? '');

  const token = /^(?:Bearer|Token)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return problems.noToken();
  const account = sandbox.world.accountOfToken(token);
  if (!account) return problems.badToken();

  for (const route of routes) {
    const match = route.method === request.method ? route.path.exec(url.pathname) : null;
    if (!match) continue;
    const refusal = route.method === 'POST' && route.call === undefined ? undefined : turnedAway(sandbox, account, route.call);
    return refusal ?? route.answer(sandbox, { request, account, query: url.searchParams }, ...match.slice(1));
  }
  return problems.notFound();
}

/** Behaviours and limits for every call except a create, which checks its own. */
function turnedAway(sandbox: Sandbox, account: AccountRecord, call: Call | undefined): Outcome | undefined {
  const behaviour = call && sandbox.behaviours.peek(call, account.username, undefined);
  if (behaviour && isRefusal(behaviour.kind)) {
    sandbox.behaviours.use(behaviour);
    return refuse(behaviour.kind);
  }
  const verdict = sandbox.throttle.other(account, sandbox.world.now());
  return verdict.allowed ? undefined : problems.throttled(verdict.seconds);
}

function showPrediction(sandbox: Sandbox, { account }: ApiCall, id = ''): Outcome {
  const prediction = sandbox.world.predictions.get(id);
  return prediction?.username === account.username ? ok(sandbox.render(prediction)) : problems.notFound();
}

function cancelPrediction(sandbox: Sandbox, { account }: ApiCall, id = ''): Outcome {
  const prediction = sandbox.world.predictions.get(id);
  if (prediction?.username !== account.username) return problems.notFound();
  sandbox.predictions.cancel(prediction);
  return ok(sandbox.render(prediction));
}

function renderAccount({ type, username, name }: AccountRecord): object {
  return { type, username, name, github_url: null, avatar_url: null };
}
