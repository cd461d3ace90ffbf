import { PassThrough } from 'node:stream';
import { createReadableStreamFromReadable, type EntryContext } from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { renderToPipeableStream } from 'react-dom/server';

const ABORT_DELAY = 5_000;

/** The template's entry: streams the shell as soon as it is ready. Without its branch for robots, which no benchmark uses. */
export default function handleRequest(request: Request, status: number, headers: Headers, context: EntryContext): Promise<Response> {
  return new Promise((resolve, reject) => {
    let shellRendered = false;
    const stream = () => {
      shellRendered = true;
      const body = new PassThrough();
      headers.set('Content-Type', 'text/html');
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
      pipe(body);
    };
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={context} url={request.url} abortDelay={ABORT_DELAY} />, {
      onShellReady: stream,
      onShellError: reject,
      onError(error) {
        if (shellRendered) process.stderr.write(`${String(error)}\n`);
      },
    });
    setTimeout(abort, ABORT_DELAY).unref();
  });
}
