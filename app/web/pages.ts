import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createReadableStreamFromReadable, createRequestHandler } from '@remix-run/node';
import type { Request as Incoming, RequestHandler, Response as Outgoing } from 'express';
import { LOST_RETRY_SECONDS } from '~/platform/lost-connection';
import type { Services } from '~/services.server';
import { findRecording, sendAndCache } from './cache/response-cache';
import type { PageSource } from './page-source';
import { getRequestId } from './middleware/request-id';
import { getNonce } from './middleware/security-headers';
import { withOutageResponses } from './middleware/outages';

/**
 * The pages. Remix is bundled apart, so its modules are a second copy of ours: shared state must not be imported, and loaders get what
 * they need from the load context. A page is rendered completely before it is sent.
 */
export async function pages(services: Services, { mode, load, development }: PageSource): Promise<RequestHandler> {
  const build = async () => withOutageResponses(await load(), services.log);
  const render = createRequestHandler(mode === 'production' ? await build() : build, mode);
  const origin = services.env.publicUrl;
  const answer = async (req: Incoming, res: Outgoing) => {
    const recording = findRecording(res);
    // Render shared pages from the cache key only.
    const request = recording ? new Request(origin + recording.key) : toRequest(origin, req, res);
    const context = { services, cspNonce: getNonce(res), clientIp: req.ip ?? '', requestId: getRequestId(res) };
    const response = await render(request, context);
    const isFile = response.headers.has('Content-Disposition');
    const whole = response.body === null || isFile ? null : Buffer.from(await response.arrayBuffer());
    const isHtml = response.headers.get('Content-Type')?.startsWith('text/html');
    const body =
      whole && isHtml && development ? development.finishPage(whole, { nonce: context.cspNonce, requestId: context.requestId }) : whole;
    res.status(response.status);
    for (const [name, value] of response.headers) res.append(name, value);
    // Files are streamed: they may be too large for memory.
    if (isFile && response.body) return void (await pipeline(Readable.fromWeb(response.body as ReadableStream), res));
    if (response.status === 503 && !res.hasHeader('Retry-After')) res.set('Retry-After', String(LOST_RETRY_SECONDS));
    const isForAll = response.status === 200 && !response.headers.has('Set-Cookie');
    if (recording && body && isForAll && sendAndCache(req, res, recording, body, context.cspNonce)) return;
    if (body) res.set('Content-Length', String(body.length));
    res.end(body ?? undefined);
  };
  return (req, res, next) => void answer(req, res).catch(next);
}

/** The request for Remix. Its origin is PUBLIC_URL, not the Host header. */
function toRequest(origin: string, req: Incoming, res: Outgoing): Request {
  const left = new AbortController();
  res.on('close', () => res.writableFinished || left.abort());
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) headers.append(name, each);
  }
  const body =
    req.method === 'GET' || req.method === 'HEAD' ? {} : { body: createReadableStreamFromReadable(req), duplex: 'half' as const };
  return new Request(origin + req.originalUrl, { method: req.method, headers, signal: left.signal, ...body });
}
