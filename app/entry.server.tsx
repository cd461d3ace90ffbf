import { Writable } from 'node:stream';
import type { AppLoadContext, EntryContext, HandleDataRequestFunction, HandleErrorFunction } from '@remix-run/node';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { renderToPipeableStream } from 'react-dom/server';
import { RequestContext } from './document-context';

const RENDER_MS = 10_000;

/**
 * Renders a page whole and sends it once: a trickle costs twice the time, and `renderToString` would drop the data that the page
 * hands to the browser.
 */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  { cspNonce, requestId }: AppLoadContext,
): Promise<Response> {
  return new Promise((done, fail) => {
    let failed = false;
    const { pipe, abort } = renderToPipeableStream(
      <RequestContext.Provider value={{ nonce: cspNonce, requestId }}>
        <RemixServer context={remix} url={request.url} nonce={cspNonce} abortDelay={RENDER_MS} />
      </RequestContext.Provider>,
      {
        nonce: cspNonce,
        onAllReady() {
          headers.set('Content-Type', 'text/html; charset=utf-8');
          limitCaching(headers, request);
          pipe(inOnePiece((page) => done(new Response(page, { headers, status: failed && status < 400 ? 500 : status }))));
        },
        onError() {
          failed = true;
        },
        onShellError: fail,
      },
    );
    setTimeout(abort, RENDER_MS).unref();
  });
}

/** Collects what React writes. */
function inOnePiece(done: (page: Buffer<ArrayBuffer>) => void): Writable {
  const parts: Buffer[] = [];
  return new Writable({
    write: (part: Buffer, _encoding, next) => {
      parts.push(part);
      next();
    },
    final: (next) => {
      done(Buffer.concat(parts));
      next();
    },
  });
}

/** What a page loads while it stays open is kept no longer than the page. */
export const handleDataRequest: HandleDataRequestFunction = (response, { request }) => {
  limitCaching(response.headers, request);
  return response;
};

/** A page of somebody signed in may hold a key: nothing on the way, and no back button on a shared machine, keeps it. */
function limitCaching(headers: Headers, request: Request): void {
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', request.headers.has('Cookie') ? 'no-store' : 'no-cache');
}

/**
 * Errors nobody expected: to the log with the reference that the page shows, and nowhere else. A visitor who left is no error, and
 * neither is a request that no page answers, such as a form sent to a page that has none (405).
 */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  context.services.log.error(
    { err: error, requestId: context.requestId, path: new URL(request.url).pathname, method: request.method },
    'a page failed',
  );
};
