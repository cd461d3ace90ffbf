import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomHex } from '~/web/random-text';

const ID_BYTES = 6;

const ids = new WeakMap<object, string>();

/** What is done for a request with Express and before it. */
export type Step = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/** Names each request: in the answer's X-Request-Id, in the log, and on the page that says something broke. */
export const withRequestId: Step = (_req, res, next) => {
  res.setHeader('X-Request-Id', nameRequest(res));
  next();
};

/** Gives a request the name that its answer carries and the log finds it by. */
export function nameRequest(res: object): string {
  const id = randomHex(ID_BYTES);
  ids.set(res, id);
  return id;
}

export function getRequestId(res: object): string {
  return ids.get(res) ?? '';
}
