import type { RequestHandler, Response } from 'express';
import type { Services } from '~/services.server';
import { PageCache } from './page-cache';
import { bytesOf, recordAnswer, sendAnswer, type CachedAnswer } from './page-cache-answer';
import { pageKeyOf } from './page-cache-key';
import { newNonce } from './security-headers';

const LIMITS = { maxBytes: 64 * 1024 * 1024, maxPages: 2_000 };

/** An answer that others may be sent, too: what it is asked for by, and what to do with it. */
export interface Recording {
  /** Path and parameters that the answer may depend on; nothing else of the request. */
  key: string;
  done: (answer: CachedAnswer | null, bytes?: number) => void;
}

const recordings = new WeakMap<object, Recording>();

/** Set on answers that are to be kept: whoever makes one makes it of the key alone and hands it to `sendRecorded`. */
export function recordingOf(res: object): Recording | undefined {
  return recordings.get(res);
}

/**
 * Answers public pages and the list of lots from memory where they were made a moment ago (PAGE_CACHE_MS), before anything else is
 * done for the request. What is not there is made as ever, with all that stands behind this, and recorded as it is sent.
 */
export function cachedPages({ env, ports }: Pick<Services, 'env' | 'ports'>): RequestHandler {
  if (env.pageCacheMs === 0) return (_req, _res, next) => next();
  const cache = new PageCache<CachedAnswer>({ ...LIMITS, maxAgeMs: env.pageCacheMs });
  ports.marketWatch.onChange(() => cache.drop());
  return (req, res, next) => {
    const key = pageKeyOf({ method: req.method, url: req.url, cookie: req.headers.cookie });
    if (key === null) return next();
    const found = cache.find(key);
    if (found) return sendAnswer(req, res, found, newNonce());
    const underWay = cache.underWay(key);
    if (underWay) return void underWay.then((answer) => (answer ? sendAnswer(req, res, answer, newNonce()) : next()), next);
    if (req.method === 'GET') record(res, { key, done: cache.begin(key) });
    next();
  };
}

/** Whatever becomes of the request, those who wait for its answer are told. */
function record(res: Response, recording: Recording): void {
  recordings.set(res, recording);
  res.once('close', () => recording.done(null));
}

/** Sends an answer of which everybody may be sent the same, and keeps it. */
export function sendRecorded(req: Parameters<RequestHandler>[0], res: Response, recording: Recording, page: Buffer, nonce: string): void {
  const answer = recordAnswer(res.getHeaders(), page, nonce);
  recording.done(answer, bytesOf(answer));
  sendAnswer(req, res, answer, nonce);
}
