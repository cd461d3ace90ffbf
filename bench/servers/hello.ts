import { createServer } from 'node:http';

/** The least that node:http can do: the limit of everything that answers over HTTP. */
const server = createServer((_req, res) => {
  res.end('hello');
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.send?.({ port: address.port });
});
