import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { ConcurrencyLimiter } from '~/platform/concurrency-limiter';

/** After this time a slow reader no longer occupies a slot. */
const LONGEST_TURN_MS = 5_000;
export const RETRY_SECONDS = 2;
const TOO_MANY = `Too many people are asking at once. Try again in ${RETRY_SECONDS} seconds.`;

/**
 * Limits concurrent pages and searches, since they compete with the gateway of the same process for CPU and database. People with a
 * session have a limit of their own, which visitors cannot use up.
 */
export class VisitorLimiter {
  readonly #visitors = new ConcurrencyLimiter({ atOnce: 4, atOncePerKey: 2, waiting: 256, waitingPerKey: 64, longestWaitMs: 5_000 });
  readonly #people = new ConcurrencyLimiter({ atOnce: 8, atOncePerKey: 2, waiting: 256, waitingPerKey: 64, longestWaitMs: 5_000 });

  /** For pages, by the client's address. `busy` makes the page for people who are refused; where it answers null, a sentence does. */
  forPages(busy: (req: Request) => string | null): RequestHandler {
    return (req, res, next) => {
      const refuse = () => {
        const page = busy(req);
        res.status(429).set({ 'Retry-After': String(RETRY_SECONDS), 'Cache-Control': 'no-store' });
        res.type(page === null ? 'text/plain' : 'text/html').send(page ?? `${TOO_MANY}\n`);
      };
      this.#runLimited(req, res, req.ip ?? '', () => next(), next, refuse);
    };
  }

  /** For programs that read lots, by the address of the connection. */
  forPrograms(req: IncomingMessage, res: ServerResponse, make: () => void): void {
    this.#runLimited(
      req,
      res,
      req.socket.remoteAddress ?? '',
      make,
      () => res.destroy(),
      () => {
        const error = { code: 'too_many', message: TOO_MANY };
        res.writeHead(429, { 'Content-Type': 'application/json; charset=utf-8', 'Retry-After': String(RETRY_SECONDS) });
        res.end(JSON.stringify({ error }));
      },
    );
  }

  #runLimited(
    req: IncomingMessage,
    res: ServerResponse,
    key: string,
    make: () => void,
    failed: (error: unknown) => void,
    refuse: () => void,
  ): void {
    const gone = new AbortController();
    let release = () => {};
    res.once('close', () => {
      gone.abort();
      release();
    });
    const turns = hasSession(req) ? this.#people : this.#visitors;
    turns.take(key, { signal: gone.signal }).then(
      (end) => {
        if (!end) return refuse();
        const late = setTimeout(end, LONGEST_TURN_MS).unref();
        release = () => {
          clearTimeout(late);
          end();
        };
        make();
      },
      (error: unknown) => res.destroyed || failed(error),
    );
  }
}

const SIGNED_IN = /(?:^|[;\s])(?:__Host-)?sign_in=/;

/** The session is not validated yet: a made-up one also counts as signed in here. */
function hasSession({ headers: { cookie = '' } }: IncomingMessage): boolean {
  return SIGNED_IN.test(cookie);
}
