import { Writable } from 'node:stream';
import type { AppLoadContext, EntryContext, HandleDataRequestFunction, HandleErrorFunction } from '@remix-run/node';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { renderToPipeableStream, renderToStaticMarkup } from 'react-dom/server';
import { RequestContext } from './pages/document-context';

const RENDER_MS = 10_000;

/**
 * Renders a page whole and sends it once: a trickle costs twice the time. Scripts go to who is signed in: all that a visitor can do works
 * without, and a page that ships none is there at once on any phone.
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

/** React writes one string, and nothing that scripts would need: neither its own marks nor the data that the page was made of. */
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
    // The timer holds the whole rendering: it goes with it, or the process keeps ten seconds of finished pages.
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
