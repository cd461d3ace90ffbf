import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';

const ids = new WeakMap<object, string>();

/** Names each request: in the answer's X-Request-Id, in the log, and on the page that says something broke. */
export const withRequestId: RequestHandler = (_req, res, next) => {
  const id = randomBytes(6).toString('hex');
  ids.set(res, id);
  res.set('X-Request-Id', id);
  next();
};

export function requestIdOf(res: object): string {
  return ids.get(res) ?? '';
}
