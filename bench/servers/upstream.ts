import { createServer, type ServerResponse } from 'node:http';

/** The fastest possible Replicate: answers every create at once with a finished prediction of about 1 KB, and reads nothing. */
const MODEL = 'black-forest-labs/flux-schnell';
const VERSION = 'c'.repeat(64);
const properties = { prompt: { type: 'string' }, num_outputs: { type: 'integer', minimum: 1, maximum: 4, default: 1 } };
const version = { id: VERSION, openapi_schema: { components: { schemas: { Input: { type: 'object', properties } } } } };

const at = '2026-11-22T10:00:00.000Z';
const [before = '', after = ''] = JSON.stringify({
  id: '#',
  model: MODEL,
  version: VERSION,
  input: { prompt: 'x'.repeat(480) },
  logs: '',
  output: ['https://replicate.delivery/xezq/0123456789abcdefghij/out-0.webp'],
  error: null,
  status: 'succeeded',
  created_at: at,
  started_at: at,
  completed_at: at,
  metrics: { predict_time: 0.4, image_output_count: 1 },
  urls: { get: 'https://api.replicate.com/v1/predictions/x', cancel: 'https://api.replicate.com/v1/predictions/x/cancel' },
}).split('#');
let count = 0;

const server = createServer((req, res) => {
  if (req.method === 'GET') return answer(res, 200, JSON.stringify(req.url?.endsWith('/versions') ? { results: [version] } : model));
  req.resume();
  req.once('end', () => {
    count += 1;
    answer(res, 201, `${before}p${process.pid}x${count}${after}`);
  });
});
const model = { visibility: 'public', latest_version: version };

function answer(res: ServerResponse, status: number, body: string): void {
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.send?.({ port: address.port });
});
