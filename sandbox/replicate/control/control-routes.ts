import type { IncomingMessage } from 'node:http';
import { ZodError } from 'zod';
import { readJsonObject } from '../http/read-body';
import { ok, type Reply } from '../http/reply';
import { ControlError, type Control } from './control';
import * as orders from './orders';

interface ControlCall {
  /** The raw body; each control parses it with its own schema. */
  body: unknown;
  query: URLSearchParams;
  username: string;
}

type Answer = (control: Control, call: ControlCall) => unknown;

/** The control API by method and path under /_sandbox; `:username` is any account's. */
const controls: Record<string, Answer> = {
  'GET health': () => ({ ok: true }),
  'GET state': (control) => control.state(),
  'GET accounts': (control) => control.accounts(),
  'POST accounts': (control, { body }) => control.createAccount(checked(orders.AccountOrder, body)),
  'GET accounts/:username': (control, { username }) => control.account(username),
  'POST accounts/:username/tokens': (control, { username, body }) => control.issueToken(username, checked(orders.TokenOrder, body)),
  'POST accounts/:username/revoke': (control, { username, body }) => control.revokeToken(username, checked(orders.TokenOrder, body)),
  'POST accounts/:username/credit': (control, { username, body }) => control.addCredit(username, checked(orders.CreditOrder, body)),
  'POST accounts/:username/spend': (control, { username, body }) => control.spend(username, checked(orders.SpendOrder, body)),
  'GET predictions': (control, { query }) => control.predictions(query.get('username') ?? undefined),
  'POST clock': (control, { body }) => control.moveClock(checked(orders.ClockOrder, body)),
  'GET behaviours': (control) => control.behaviours(),
  'POST behaviours': (control, { body }) => control.addBehaviour(checked(orders.BehaviourOrder, body)),
  'DELETE behaviours': (control) => control.clearBehaviours(),
  'POST webhooks': (control, { body }) => control.setWebhooks(checked(orders.WebhookOrder, body)),
  'POST webhooks/release': (control, { body }) => control.releaseWebhooks(checked(orders.ReleaseOrder, body)),
  'POST outage': (control, { body }) => control.startOutage(checked(orders.OutageOrder, body)),
  'POST settings': (control, { body }) => control.tune(checked(orders.SettingsOrder, body)),
};

/** Answers a control. Only programs on this machine may use it: requests with a browser's Origin are refused. */
export async function answerControl(control: Control, request: IncomingMessage, url: URL): Promise<Reply> {
  if (!isLocal(request)) return refusal(403, 'The controls are open to this machine only.');
  const path = url.pathname.slice('/_sandbox/'.length);
  const [, username = ''] = /^accounts\/([^/]+)/.exec(path) ?? [];
  const answer = controls[`${request.method ?? ''} ${path.replace(/^accounts\/[^/]+/, 'accounts/:username')}`];
  if (!answer) return refusal(404, `There is no control ${request.method ?? ''} ${url.pathname}.`);
  const body = await readJsonObject(request);
  if (!body.ok) return refusal(body.status, body.detail);
  try {
    return ok(answer(control, { body: body.value, query: url.searchParams, username }) ?? { ok: true });
  } catch (error) {
    if (error instanceof ZodError)
      return refusal(422, error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; '));
    if (error instanceof ControlError) return refusal(409, error.message);
    throw error;
  }
}

/** Checks a body's shape and passes on the raw body: the control parses it again, with amounts and defaults. */
function checked<Order>(schema: { parse: (body: unknown) => unknown; _zod: { input: Order } }, body: unknown): Order {
  schema.parse(body);
  return body as Order;
}

function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? '';
  return /^(?:::ffff:)?127\.|^::1$/.test(address) && request.headers.origin === undefined;
}

function refusal(status: number, detail: string): Reply {
  return { status, body: { detail, status } };
}
