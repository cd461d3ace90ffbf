import type { EntryContext } from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { renderToStaticMarkup } from 'react-dom/server';
import { RequestContext } from '~/pages/document-context';

/** The least that Remix and React do for these cards: one string, no script data, plain links. */
export default function handleRequest(request: Request, status: number, headers: Headers, context: EntryContext): Response {
  const { serverHandoffStream: _forScripts, ...rest } = context;
  const page = renderToStaticMarkup(
    <RequestContext.Provider value={{ nonce: undefined, requestId: '', scripted: false }}>
      <RemixServer context={rest} url={request.url} />
    </RequestContext.Provider>,
  );
  headers.set('Content-Type', 'text/html');
  return new Response(`<!DOCTYPE html>${page}`, { headers, status });
}
