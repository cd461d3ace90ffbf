import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Exchange } from '../http/exchange';
import { eventObjects, operations } from './operations';
import { loadSchemaBook } from './schema-book';

type Kind = 'parameters' | 'response';

/** Form fields are text, so numbers and booleans in requests are converted; answers must have the exact types. */
class Validators {
  readonly #book = loadSchemaBook();
  readonly #ajv = {
    parameters: new Ajv({ strict: false, allErrors: true, coerceTypes: true }),
    response: new Ajv({ strict: false, allErrors: true }),
  };
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    for (const ajv of Object.values(this.#ajv)) ajv.addSchema({ $id: 'stripe', $defs: this.#book.$defs });
  }

  find(kind: Kind, type: string): ValidateFunction {
    const key = `${kind}:${type}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const root = JSON.stringify(this.#book.roots[type]).replaceAll('"#/$defs/', '"stripe#/$defs/');
    const compiled = this.#ajv[kind].compile(JSON.parse(root) as object);
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

let validators: Validators | undefined;

const problems = (kind: Kind, type: string, value: unknown, where: string): string[] => {
  validators ??= new Validators();
  const validate = validators.find(kind, type);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${where}${error.instancePath} ${error.message ?? error.keyword}${describeError(error)}`);
};

function describeError(error: ErrorObject): string {
  const { additionalProperty, allowedValues } = error.params as { additionalProperty?: string; allowedValues?: string[] };
  if (additionalProperty !== undefined) return ` (${additionalProperty})`;
  return allowedValues === undefined ? '' : ` (${allowedValues.join(', ').slice(0, 120)})`;
}

const errorTypes = ['api_error', 'card_error', 'idempotency_error', 'invalid_request_error'];

function errorProblems(exchange: Exchange): string[] {
  const { error } = (exchange.body ?? {}) as { error?: { type?: unknown; message?: unknown } };
  if (typeof error?.message !== 'string') return ['error.message is missing'];
  return errorTypes.includes(String(error.type)) ? [] : [`error.type ${String(error.type)} is not one of Stripe's`];
}

function eventProblems(body: unknown): string[] {
  const { object, data } = (body ?? {}) as { object?: string; data?: unknown };
  const events = object === 'list' && Array.isArray(data) ? (data as unknown[]) : [body];
  return events.flatMap(validateEvent);
}

/** Builds or loads the schemas in advance, which takes some seconds once per SDK version. */
export function prepareConformance(): void {
  validators ??= new Validators();
}

/** The errors in an event's payload, as delivered or retrieved. */
export function validateEvent(event: unknown): string[] {
  const { type, data } = event as { type?: string; data?: { object?: { object?: string } } };
  const objectType = eventObjects[data?.object?.object ?? ''];
  const envelope = problems('response', 'Stripe.EventBase', event, `event ${String(type)}`);
  if (objectType === undefined) return [...envelope, `event ${String(type)} carries no object we know`];
  return [...envelope, ...problems('response', objectType, data?.object, `event ${String(type)}: data.object`)];
}

/** The errors of one request and its answer by Stripe's own types; empty if both are right. */
export function validateExchange(exchange: Exchange): string[] {
  const where = `${exchange.method} ${exchange.path}`;
  const types = exchange.operation === undefined ? undefined : operations[exchange.operation];
  if (exchange.operation === undefined || types === undefined) return [`${where}: not an operation of the sandbox`];
  const sent = JSON.parse(JSON.stringify(exchange.parameters)) as unknown;
  const request = problems('parameters', types.parameters, sent, `${where} request`);
  if (exchange.status >= 400) return [...request, ...errorProblems(exchange)];
  const answer = problems('response', types.response, exchange.body, `${where} response`);
  return [...request, ...answer, ...(exchange.operation.startsWith('events.') ? eventProblems(exchange.body) : [])];
}
