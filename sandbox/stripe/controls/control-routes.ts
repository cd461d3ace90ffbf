import { faultKinds, type FaultRequest } from '../faults/faults';
import { ControlProblem, type PayRequest, type SandboxControl } from './control';

export interface ControlRequest {
  method: string;
  path: string;
  body: string;
}

type Fields = Record<string, unknown>;
type Route = (control: SandboxControl, id: string, fields: Fields) => unknown;

/** The control API as a table: method and path to the control's method. */
const routes: readonly [method: string, pattern: RegExp, Route][] = [
  ['GET', /^\/_sandbox\/health$/, (control) => ({ status: 'ok', sandbox: 'stripe', now: control.now().toISOString() })],
  ['GET', /^\/_sandbox\/state$/, (control) => control.state()],
  ['POST', /^\/_sandbox\/clock$/, (control, _id, fields) => ({ now: moveClock(control, fields).toISOString() })],
  ['GET', /^\/_sandbox\/faults$/, (control) => ({ faults: control.faults() })],
  ['POST', /^\/_sandbox\/faults$/, (control, _id, fields) => control.addFault(readFault(fields))],
  ['DELETE', /^\/_sandbox\/faults$/, (control) => (control.clearFaults(), { faults: [] })],
  ['POST', /^\/_sandbox\/sessions\/(\w+)\/pay$/, (control, id, fields) => payAnswer(control, id, fields)],
  ['POST', /^\/_sandbox\/sessions\/(\w+)\/expire$/, (control, id) => (control.expireSession(id), { expired: id })],
  [
    'POST',
    /^\/_sandbox\/payment_intents\/(\w+)\/refund$/,
    (control, id, fields) => ({ refund: control.refundInDashboard(id, optional(fields, 'amountCents', 'number')) }),
  ],
  ['POST', /^\/_sandbox\/domain$/, (control, _id, fields) => servePagesAt(control, fields)],
  ['POST', /^\/_sandbox\/settlement$/, (control, _id, fields) => settleIn(control, fields)],
  ['GET', /^\/_sandbox\/deliveries$/, (control) => ({ deliveries: control.deliveries() })],
  ['POST', /^\/_sandbox\/deliveries\/pause$/, (control) => (control.pauseDeliveries(), { paused: true })],
  ['POST', /^\/_sandbox\/deliveries\/resume$/, (control) => (control.resumeDeliveries(), { paused: false })],
  ['POST', /^\/_sandbox\/deliveries\/discard$/, (control) => ({ discarded: control.discardDeliveries() })],
  ['POST', /^\/_sandbox\/deliveries\/redeliver$/, (control, _id, fields) => redeliver(control, fields)],
];

export async function answerControl(control: SandboxControl, request: ControlRequest): Promise<{ status: number; body: string }> {
  try {
    for (const [method, pattern, route] of routes) {
      const match = method === request.method ? pattern.exec(request.path) : null;
      if (match !== null)
        return { status: 200, body: JSON.stringify(await route(control, match[1] ?? '', readBody(request.body)), null, 2) };
    }
    throw new ControlProblem(404, `No such control: ${request.method} ${request.path}`);
  } catch (error) {
    const status = error instanceof ControlProblem ? error.status : 500;
    return { status, body: JSON.stringify({ error: error instanceof Error ? error.message : String(error) }) };
  }
}

function readBody(body: string): Fields {
  if (body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  } catch {
    throw new ControlProblem(400, 'The body must be JSON.');
  }
  throw new ControlProblem(400, 'The body must be a JSON object.');
}

function moveClock(control: SandboxControl, fields: Fields): Date {
  const { now, advanceMs } = fields;
  if (typeof advanceMs === 'number' && Number.isFinite(advanceMs)) return control.advanceClock(advanceMs);
  if (now === null) return control.setClock(null);
  const time = typeof now === 'string' || typeof now === 'number' ? new Date(now) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw new ControlProblem(400, 'Send `now` (ISO 8601, milliseconds, or null for real time) or `advanceMs`.');
  }
  return control.setClock(time);
}

function readFault(fields: Fields): FaultRequest {
  const kind = faultKinds.find((candidate) => candidate === String(fields['kind']));
  if (kind === undefined) throw new ControlProblem(400, `\`kind\` must be one of ${faultKinds.join(', ')}.`);
  return {
    kind,
    method: optional(fields, 'method', 'string'),
    path: optional(fields, 'path', 'string'),
    ms: optional(fields, 'ms', 'number'),
    times: optional(fields, 'times', 'number'),
  };
}

interface FieldTypes {
  string: string;
  number: number;
}

function optional<T extends keyof FieldTypes>(fields: Fields, name: string, type: T): FieldTypes[T] | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== type) throw new ControlProblem(400, `\`${name}\` must be a ${type}.`);
  return value as FieldTypes[T];
}

function payAnswer(control: SandboxControl, id: string, fields: Fields): unknown {
  const challenge = optional(fields, 'challenge', 'string');
  const request: PayRequest = { card: optional(fields, 'card', 'string'), challenge: challenge === 'fail' ? 'fail' : 'complete' };
  const outcome = control.paySession(id, request);
  return { outcome: outcome.kind, ...(outcome.kind === 'declined' && { message: outcome.message }), session: outcome.session };
}

function servePagesAt(control: SandboxControl, fields: Fields): unknown {
  const origin = optional(fields, 'origin', 'string') ?? null;
  control.servePagesAt(origin);
  return { origin };
}

function settleIn(control: SandboxControl, fields: Fields): unknown {
  const currency = optional(fields, 'currency', 'string') ?? 'usd';
  const rate = optional(fields, 'rate', 'number');
  if (currency === 'usd') control.settleIn(null);
  else if (rate !== undefined && rate > 0) control.settleIn({ currency, rate });
  else throw new ControlProblem(400, 'Send `rate`: how many of its smallest unit one cent is.');
  return { currency };
}

async function redeliver(control: SandboxControl, fields: Fields): Promise<unknown> {
  const eventId = optional(fields, 'eventId', 'string');
  if (eventId === undefined) throw new ControlProblem(400, 'Send `eventId`.');
  const deliveries = await control.redeliver(eventId).catch((error: unknown) => {
    throw new ControlProblem(404, error instanceof Error ? error.message : String(error));
  });
  return { deliveries };
}
