import { createServer, type IncomingMessage } from 'node:http';
import { Pool } from 'undici';

/** What one would write first: takes a request, sends it on, answers what comes back. Knows nobody, meters nothing. */
const upstream = new Pool(process.env.UPSTREAM ?? '', { connections: 64 });

const server = createServer((req, res) => {
  forward(req).then(
    ({ status, body }) => res.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body),
    () => res.writeHead(502).end(),
  );
});

async function forward(req: IncomingMessage): Promise<{ status: number; body: Buffer }> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  const answer = await upstream.request({
    method: 'POST',
    path: req.url ?? '/',
    headers: { 'content-type': 'application/json', authorization: req.headers.authorization ?? '' },
    body: Buffer.concat(chunks),
  });
  return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.send?.({ port: address.port });
});
