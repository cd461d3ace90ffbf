import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '~/services.server';
import { PageCache } from './page-cache';
import { estimateBytes, recordAnswer, sendAnswer, type CachedAnswer, type Sending } from './page-cache-answer';
import { pageCacheKey } from './page-cache-key';
import { nameRequest, getRequestId } from '~/web/middleware/request-id';
import { newNonce } from '~/web/middleware/security-headers';

const LIMITS = { maxBytes: 64 * 1024 * 1024, maxPages: 2_000 };

/** A response that is being made for the cache. */
export interface Recording {
  /** Path and parameters that the response may depend on; nothing else of the request. */
  key: string;
  /** Call once: with the response, or with null if it may not be cached. */
  done: (answer: CachedAnswer | null, bytes?: number) => void;
}

const recordings = new WeakMap<object, Recording>();

/** The recording of a response that is to be cached. Render it from the cache key only, then send it with `sendAndCache`. */
export function findRecording(res: object): Recording | undefined {
  return recordings.get(res);
}

export interface CacheOutcomes {
  /** Sent from the cache, or rendered together with another request. */
  hit: number;
  /** Rendered and cached. */
  made: number;
  /** Not cacheable: a signed-in visitor, a form, a file, another address, or a page that holds its nonce. */
  passed: number;
}

/** Caches public pages and the list of lots for PAGE_CACHE_MS, or until a market notice. */
export class ResponseCache {
  /** Requests by outcome since the process began. */
  readonly outcomes: CacheOutcomes = { hit: 0, made: 0, passed: 0 };
  readonly #pages: PageCache<CachedAnswer>;
  readonly #isOn: boolean;

  constructor({ env, ports }: { env: Pick<Services['env'], 'pageCacheMs'>; ports: Pick<Services['ports'], 'marketWatch'> }) {
    this.#pages = new PageCache<CachedAnswer>({ ...LIMITS, maxAgeMs: env.pageCacheMs });
    this.#isOn = env.pageCacheMs > 0;
    ports.marketWatch.onChange(() => this.#pages.clear());
  }

  /** Answers from the cache, if the page is there. */
  readonly serveCached = (req: IncomingMessage, res: ServerResponse): boolean => {
    const key = this.#keyOf(req);
    const found = key === null ? null : this.#pages.find(key);
    if (found) this.#send(req, res, found);
    return found !== null;
  };

  /** Answers from the cache, or lets `handler` answer and records what it sends. Concurrent requests wait for that one. */
  readonly serve = (req: IncomingMessage, res: ServerResponse, handler: (error?: unknown) => void): void => {
    const key = this.#keyOf(req);
    if (key === null) return this.#pass(handler);
    if (this.serveCached(req, res)) return;
    const rendering = this.#pages.rendering(key);
    if (rendering) return void rendering.then((made) => (made ? this.#send(req, res, made) : this.#pass(handler)), handler);
    if (req.method !== 'GET') return this.#pass(handler);
    record(res, { key, done: this.#begin(key) });
    handler();
  };

  #keyOf({ method = '', url = '', headers: { cookie } }: IncomingMessage): string | null {
    return this.#isOn ? pageCacheKey({ method, url, cookie }) : null;
  }

  #send(req: IncomingMessage, res: ServerResponse, found: CachedAnswer): void {
    this.outcomes.hit += 1;
    sendAnswer(req, res, found, createSending(res));
  }

  #pass(handler: () => void): void {
    this.outcomes.passed += 1;
    handler();
  }

  #begin(key: string): Recording['done'] {
    const done = this.#pages.begin(key);
    let isCounted = false;
    return (made, bytes) => {
      if (!isCounted) this.outcomes[made ? 'made' : 'passed'] += 1;
      isCounted = true;
      done(made, bytes);
    };
  }
}

function createSending(res: ServerResponse): Sending {
  return { nonce: newNonce(), requestId: getRequestId(res) || nameRequest(res) };
}

/** A connection that closes early must not leave the waiting requests without an answer. */
function record(res: ServerResponse, recording: Recording): void {
  recordings.set(res, recording);
  res.once('close', () => recording.done(null));
}

/** Sends and caches a response that is the same for everybody. False if the page holds its nonce and so may not be shared. */
export function sendAndCache(req: IncomingMessage, res: ServerResponse, recording: Recording, page: Buffer, nonce: string): boolean {
  if (nonce !== '' && page.includes(nonce)) return false;
  const answer = recordAnswer(res.getHeaders(), page, nonce);
  recording.done(answer, estimateBytes(answer));
  sendAnswer(req, res, answer, { ...createSending(res), nonce });
  return true;
}
