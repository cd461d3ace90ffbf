import type { RequestHandler } from 'express';
import type { ResponseCache } from '~/web/cache/response-cache';

/** Answers public pages from the cache before the rest of the application runs. */
export function withResponseCache(cache: ResponseCache): RequestHandler {
  return (req, res, next) => cache.serve(req, res, next);
}
