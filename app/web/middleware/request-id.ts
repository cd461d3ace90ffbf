import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomHex } from '~/web/random-text';

const ID_BYTES = 6;

const ids = new WeakMap<object, string>();

/** Middleware that works both with Express and before it. */
export type Step = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/** Gives each request an id, for the X-Request-Id header, the log and the error page. */
export const withRequestId: Step = (_req, res, next) => {
  res.setHeader('X-Request-Id', nameRequest(res));
  next();
};

/** Draws a new id for the request of this response. */
export function nameRequest(res: object): string {
  const id = randomHex(ID_BYTES);
  ids.set(res, id);
  return id;
}

export function getRequestId(res: object): string {
  return ids.get(res) ?? '';
}
