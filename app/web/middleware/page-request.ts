import type { RequestHandler } from 'express';

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/**
 * Only a plain request reaches the pages, and always as one to our own address. Whoever sends it chooses the Host and X-Forwarded
 * headers, and Remix builds its URL of them, or fails on them; so they are replaced by what the operator has set. Mount it after the
 * check of the Origin, which Remix would hold against those headers once more. Nothing that we keep is named with a zero character, and
 * the database does not take one.
 */
export function pageRequestsOnly(publicUrl: string): RequestHandler {
  const { host } = new URL(publicUrl);
  return (req, res, next) => {
    if (!METHODS.includes(req.method)) {
      res.status(405).set('Allow', METHODS.join(', ')).type('text/plain').send('Pages are read with GET and changed by their forms.\n');
    } else if (!isReadable(req.originalUrl)) {
      res.status(400).type('text/plain').send('This address cannot be read.\n');
    } else if (/%00/.test(req.originalUrl)) {
      res.status(404).type('text/plain').send('There is nothing at this address.\n');
    } else {
      req.headers.host = host;
      delete req.headers.origin;
      delete req.headers['x-forwarded-host'];
      delete req.headers['x-forwarded-proto'];
      next();
    }
  };
}

/** A path of this site whose every escape stands for a character. */
function isReadable(target: string): boolean {
  if (!target.startsWith('/')) return false;
  try {
    decodeURIComponent(target.split('?', 1)[0] ?? '');
    return true;
  } catch {
    return false;
  }
}
