import type { IncomingMessage, ServerResponse } from 'node:http';
import { notFound } from '../api/problems';
import { dataRemoved } from '../api/render-prediction';
import type { Outcome } from '../http/reply';
import type { Sandbox } from '../sandbox';
import { outputFile } from './output-file';

/** GET /files/{prediction}/{n}.{extension}: an output file, readable by anyone with its URL until the data is removed. */
export function answerFile(sandbox: Sandbox, request: IncomingMessage, response: ServerResponse, path: string): Outcome {
  const [, id = '', index = '', extension = ''] = /^\/files\/([a-z0-9]+)\/(\d+)\.(\w+)$/.exec(path) ?? [];
  const prediction = sandbox.world.predictions.get(id);
  const output = prediction?.plan.output;
  if (!prediction?.outputReady || output?.kind !== 'files' || output.extension !== extension) return notFound();
  if (Number(index) >= output.count || dataRemoved(prediction, sandbox.world.now())) return notFound();
  const { contentType, bytes } = outputFile(`${id}/${index}`, output.extension);
  const headers = { 'content-type': contentType, 'accept-ranges': 'bytes' };
  const range = parseRange(request.headers.range, bytes.length);
  if (range === 'outside') response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  else if (range === null) response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
  else {
    const [first, last] = range;
    const part = { 'content-range': `bytes ${first}-${last}/${bytes.length}`, 'content-length': last - first + 1 };
    response.writeHead(206, { ...headers, ...part }).end(bytes.subarray(first, last + 1));
  }
  return 'answered';
}

/** One range of bytes: "bytes=0-99", "bytes=100-", "bytes=-50". */
function parseRange(header: string | undefined, size: number): [number, number] | 'outside' | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return first > last ? 'outside' : [first, last];
}
