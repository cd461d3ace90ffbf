import type { Request, RequestHandler } from 'express';
import type { Env } from '~/platform/env';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Protects against cross-site request forgery: a request that may change something must come from our own pages. Machine routes, which
 * read no cookie, are mounted before this. A request with neither Origin nor cookie is a script acting for itself. Outside production
 * any host name of the machine is accepted.
 */
export function sameOriginOnly({ publicUrl, mode }: Pick<Env, 'publicUrl' | 'mode'>): RequestHandler {
  const own = new URL(publicUrl).origin;
  return (req, res, next) => {
    if (SAFE.has(req.method) || comesFromUs(req, own, mode !== 'production')) return next();
    res.status(403).type('text/plain').send('This form was not sent from our own page. Open the page again and send it from there.\n');
  };
}

/** Exported for its test. */
export function comesFromUs(req: Pick<Request, 'headers' | 'protocol'>, own: string, anyHost = false): boolean {
  const { origin, cookie, host } = req.headers;
  if (origin !== undefined && origin !== 'null') return origin === own || (anyHost && origin === `${req.protocol}://${host}`);
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return origin === undefined && cookie === undefined;
}
