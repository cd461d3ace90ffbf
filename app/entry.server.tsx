import { Writable } from 'node:stream';
import type { AppLoadContext, EntryContext, HandleDataRequestFunction, HandleErrorFunction } from '@remix-run/node';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { renderToPipeableStream, renderToStaticMarkup } from 'react-dom/server';
import { RequestContext } from './pages/document-context';

const RENDER_MS = 10_000;

/**
 * Renders the whole page to one string, since streaming costs twice the time. Only signed-in users get scripts: visitors' pages work
 * without them and load faster.
 */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  headers.set('Content-Type', 'text/html; charset=utf-8');
  limitCaching(headers, request);
  const shell = remix.staticHandlerContext.loaderData.root as { viewer?: unknown } | undefined;
  if (shell?.viewer) return withScripts(request, { status, headers }, remix, context);
  return Promise.resolve(new Response(withoutScripts(request, remix, context), { headers, status }));
}

/** Renders to static markup, without hydration markers and loader data. */
function withoutScripts(request: Request, remix: EntryContext, { requestId }: AppLoadContext): Buffer<ArrayBuffer> {
  const { serverHandoffStream: _forScripts, ...rest } = remix;
  const page = renderToStaticMarkup(
    <RequestContext.Provider value={{ nonce: undefined, requestId, scripted: false }}>
      <RemixServer context={rest} url={request.url} />
    </RequestContext.Provider>,
  );
  return Buffer.from(`<!DOCTYPE html>${page}`);
}

function withScripts(
  request: Request,
  { status, headers }: { status: number; headers: Headers },
  remix: EntryContext,
  { cspNonce, requestId }: AppLoadContext,
): Promise<Response> {
  return new Promise((done, fail) => {
    let failed = false;
    // Clear the timer, or it holds each finished page in memory for ten seconds.
    const timer = setTimeout(() => abort(), RENDER_MS).unref();
    const { pipe, abort } = renderToPipeableStream(
      <RequestContext.Provider value={{ nonce: cspNonce, requestId, scripted: true }}>
        <RemixServer context={remix} url={request.url} nonce={cspNonce} abortDelay={RENDER_MS} />
      </RequestContext.Provider>,
      {
        nonce: cspNonce,
        onAllReady() {
          clearTimeout(timer);
          pipe(inOnePiece((page) => done(new Response(page, { headers, status: failed && status < 400 ? 500 : status }))));
        },
        onError() {
          failed = true;
        },
        onShellError(error) {
          clearTimeout(timer);
          fail(error instanceof Error ? error : new Error(String(error)));
        },
      },
    );
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

/** Data requests of an open page are not stored by browsers. */
export const handleDataRequest: HandleDataRequestFunction = (response, { request }) => {
  limitCaching(response.headers, request);
  return response;
};

/** Pages of signed-in users may hold a key: neither proxies nor the browser may store them. */
function limitCaching(headers: Headers, request: Request): void {
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', request.headers.has('Cookie') ? 'no-store' : 'no-cache');
}

/**
 * Logs unexpected errors with the reference that the page shows. An aborted request is no error, and
 * neither is one without a handler, such as a post to a page without an action (405).
 */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  context.services.log.error(
    { err: error, requestId: context.requestId, path: new URL(request.url).pathname, method: request.method },
    'a page failed',
  );
};
