import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Services } from '~/services.server';
import { PageCache } from './page-cache';
import { estimateBytes, recordAnswer, sendAnswer, type CachedAnswer, type Sending } from './page-cache-answer';
import { pageCacheKey } from './page-cache-key';
import { nameRequest, getRequestId } from '~/web/middleware/request-id';
import { newNonce } from '~/web/middleware/security-headers';

const LIMITS = { maxBytes: 64 * 1024 * 1024, maxPages: 2_000 };

/** An answer that others may be sent, too: what it is asked for by, and what to do with it. */
export interface Recording {
  /** Path and parameters that the answer may depend on; nothing else of the request. */
  key: string;
  done: (answer: CachedAnswer | null, bytes?: number) => void;
}

const recordings = new WeakMap<object, Recording>();

/** Set on answers that are to be kept: whoever makes one makes it of the key alone and hands it to `sendAndCache`. */
export function findRecording(res: object): Recording | undefined {
  return recordings.get(res);
}

export interface CacheOutcomes {
  /** Sent from memory, or made once with another's. */
  hit: number;
  /** Made, and kept for the next. */
  made: number;
  /** Not for the memory: somebody signed in, a form, a file, any other address; or made and not fit to be kept. */
  passed: number;
}

/** What answers public pages and the list of lots from memory where they were made a moment ago (PAGE_CACHE_MS). */
export class ResponseCache {
  /** How many requests came to what since the process began. */
  readonly outcomes: CacheOutcomes = { hit: 0, made: 0, passed: 0 };
  readonly #cache: PageCache<CachedAnswer>;
  readonly #isOn: boolean;

  constructor({ env, ports }: { env: Pick<Services['env'], 'pageCacheMs'>; ports: Pick<Services['ports'], 'marketWatch'> }) {
    this.#cache = new PageCache<CachedAnswer>({ ...LIMITS, maxAgeMs: env.pageCacheMs });
    this.#isOn = env.pageCacheMs > 0;
    ports.marketWatch.onChange(() => this.#cache.drop());
  }

  /** Answers at once what is there, before anything else is done for the request; tells whether it did. */
  readonly answer = (req: IncomingMessage, res: ServerResponse): boolean => {
    const key = this.#keyOf(req);
    const found = key === null ? null : this.#cache.find(key);
    if (found) this.#send(req, res, found);
    return found !== null;
  };

  /** What is not there is made by `make` as ever and recorded as it is sent; who asks meanwhile waits for it. */
  readonly answerOrMake = (req: IncomingMessage, res: ServerResponse, make: (error?: unknown) => void): void => {
    const key = this.#keyOf(req);
    if (key === null) return this.#pass(make);
    if (this.answer(req, res)) return;
    const underWay = this.#cache.underWay(key);
    if (underWay) return void underWay.then((made) => (made ? this.#send(req, res, made) : this.#pass(make)), make);
    if (req.method !== 'GET') return this.#pass(make);
    record(res, { key, done: this.#begin(key) });
    make();
  };

  #keyOf({ method = '', url = '', headers: { cookie } }: IncomingMessage): string | null {
    return this.#isOn ? pageCacheKey({ method, url, cookie }) : null;
  }

  #send(req: IncomingMessage, res: ServerResponse, found: CachedAnswer): void {
    this.outcomes.hit += 1;
    sendAnswer(req, res, found, createSending(res));
  }

  #pass(make: () => void): void {
    this.outcomes.passed += 1;
    make();
  }

  #begin(key: string): Recording['done'] {
    const done = this.#cache.begin(key);
    let isCounted = false;
    return (made, bytes) => {
      if (!isCounted) this.outcomes[made ? 'made' : 'passed'] += 1;
      isCounted = true;
      done(made, bytes);
    };
  }
}

/** The same as a step of the application. */
export function withResponseCache(memory: ResponseCache): RequestHandler {
  return (req, res, next) => memory.answerOrMake(req, res, next);
}

function createSending(res: ServerResponse): Sending {
  return { nonce: newNonce(), requestId: getRequestId(res) || nameRequest(res) };
}

/** Whatever becomes of the request, those who wait for its answer are told. */
function record(res: ServerResponse, recording: Recording): void {
  recordings.set(res, recording);
  res.once('close', () => recording.done(null));
}

/**
 * Sends an answer of which everybody may be sent the same, and keeps it; tells whether it did. `nonce` is the one that the page was made
 * with: a page that holds it is this one's alone.
 */
export function sendAndCache(req: IncomingMessage, res: ServerResponse, recording: Recording, page: Buffer, nonce: string): boolean {
  if (nonce !== '' && page.includes(nonce)) return false;
  const answer = recordAnswer(res.getHeaders(), page, nonce);
  recording.done(answer, estimateBytes(answer));
  sendAnswer(req, res, answer, { ...createSending(res), nonce });
  return true;
}
