import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ProviderFile } from '~/modules/metering/runs-port';
import type { Gateway } from './gateway';
import { header } from './http';
import { notFound, unavailable } from './problems';

const ADDRESS = /^\/gateway\/files\/([\w-]{43})(\/.*)$/s;
/** Types that a browser may display. Anything else is a download, since a page would run on our origin. */
const SHOWN = /^(?:image\/(?:png|jpeg|gif|webp|avif)|video\/[\w.+-]+|audio\/[\w.+-]+|application\/json|text\/plain)\b/i;
const PASSED = ['content-length', 'content-range', 'content-encoding', 'accept-ranges', 'etag', 'last-modified'];

/** GET or HEAD /gateway/files/{mac}/{path}: streams a run's output file. The MAC in the address grants access. */
export async function passFile(gateway: Gateway, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [, mac = '', path = ''] = ADDRESS.exec(req.url ?? '') ?? [];
  const { ports } = gateway.ctx();
  const { method } = req;
  if ((method !== 'GET' && method !== 'HEAD') || !ports.outputAddresses.holds(path, mac)) throw notFound();
  const conditions = Object.fromEntries(
    ['range', 'if-range', 'if-none-match'].flatMap((name) => {
      const value = header(req, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const file = await ports.providerFiles.open(method, path, conditions);
  if (file === null) throw unavailable('The file could not be fetched from the provider. Try again.');
  if (![200, 206, 304, 416].includes(file.status)) {
    // Without a listener, an error of the unread body would end the process.
    file.body.on('error', () => undefined).destroy();
    throw notFound();
  }
  res.writeHead(file.status, pickHeaders(file));
  // A client that leaves ends the download; a broken download breaks the answer.
  await pipeline(file.body, res).catch(() => res.destroy());
}

function pickHeaders({ headers }: ProviderFile): Record<string, string> {
  const passed = Object.fromEntries(PASSED.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
  const type = headers['content-type'] ?? '';
  return {
    ...passed,
    'content-type': SHOWN.test(type) ? type : 'application/octet-stream',
    ...(SHOWN.test(type) ? {} : { 'content-disposition': 'attachment' }),
    'cache-control': 'private, max-age=600',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  };
}
