import type { RequestHandler } from 'express';
import { randomHex } from './random-text';

const ID_BYTES = 6;

const ids = new WeakMap<object, string>();

/** Names each request: in the answer's X-Request-Id, in the log, and on the page that says something broke. */
export const withRequestId: RequestHandler = (_req, res, next) => {
  res.set('X-Request-Id', nameRequest(res));
  next();
};

/** Gives a request the name that its answer carries and the log finds it by. */
export function nameRequest(res: object): string {
  const id = randomHex(ID_BYTES);
  ids.set(res, id);
  return id;
}

export function requestIdOf(res: object): string {
  return ids.get(res) ?? '';
}
