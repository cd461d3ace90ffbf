import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Services } from '~/services.server';
import { PageCache } from './page-cache';
import { bytesOf, recordAnswer, sendAnswer, type CachedAnswer, type Sending } from './page-cache-answer';
import { pageKeyOf } from './page-cache-key';
import { nameRequest, requestIdOf } from './request-id';
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

/** What answers public pages and the list of lots from memory where they were made a moment ago (PAGE_CACHE_MS). */
export interface PageMemory {
  /** Answers at once what is there, before anything else is done for the request; tells whether it did. */
  answer: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** What is not there is made by `make` as ever and recorded as it is sent; who asks meanwhile waits for it. */
  answerOrMake: (req: IncomingMessage, res: ServerResponse, make: (error?: unknown) => void) => void;
}

export function pageMemory({ env, ports }: Pick<Services, 'env' | 'ports'>): PageMemory {
  if (env.pageCacheMs === 0) return { answer: () => false, answerOrMake: (_req, _res, make) => make() };
  const cache = new PageCache<CachedAnswer>({ ...LIMITS, maxAgeMs: env.pageCacheMs });
  ports.marketWatch.onChange(() => cache.drop());
  const answer: PageMemory['answer'] = (req, res) => {
    const key = keyOf(req);
    const found = key === null ? null : cache.find(key);
    if (found) sendAnswer(req, res, found, sendingOf(res));
    return found !== null;
  };
  const answerOrMake: PageMemory['answerOrMake'] = (req, res, make) => {
    const key = keyOf(req);
    if (key === null) return make();
    if (answer(req, res)) return;
    const underWay = cache.underWay(key);
    if (underWay) return void underWay.then((made) => (made ? sendAnswer(req, res, made, sendingOf(res)) : make()), make);
    if (req.method === 'GET') record(res, { key, done: cache.begin(key) });
    make();
  };
  return { answer, answerOrMake };
}

/** The same as a step of the application. */
export function cachedPages(memory: PageMemory): RequestHandler {
  return (req, res, next) => memory.answerOrMake(req, res, next);
}

function keyOf({ method = '', url = '', headers: { cookie } }: IncomingMessage): string | null {
  return pageKeyOf({ method, url, cookie });
}

function sendingOf(res: ServerResponse): Sending {
  return { nonce: newNonce(), requestId: requestIdOf(res) || nameRequest(res) };
}

/** Whatever becomes of the request, those who wait for its answer are told. */
function record(res: ServerResponse, recording: Recording): void {
  recordings.set(res, recording);
  res.once('close', () => recording.done(null));
}

/** Sends an answer of which everybody may be sent the same, and keeps it. `nonce` is the one that the page was made with. */
export function sendRecorded(req: IncomingMessage, res: ServerResponse, recording: Recording, page: Buffer, nonce: string): void {
  const answer = recordAnswer(res.getHeaders(), page, nonce);
  recording.done(answer, bytesOf(answer));
  sendAnswer(req, res, answer, { ...sendingOf(res), nonce });
}
