import type { RequestHandler } from 'express';

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/**
 * Passes plain requests to the pages, always as requests to our own address: clients choose the Host and X-Forwarded headers, and Remix
 * builds its URL from them. Mount it after the Origin check, which Remix would repeat against those headers. A path with NUL is 404:
 * the database cannot hold one.
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

/** Whether the target is a path with valid percent-encoding. */
function isReadable(target: string): boolean {
  if (!target.startsWith('/')) return false;
  try {
    decodeURIComponent(target.split('?', 1)[0] ?? '');
    return true;
  } catch {
    return false;
  }
}
