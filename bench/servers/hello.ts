import { createServer } from 'node:http';

/** The fastest possible node:http server: the limit of everything over HTTP. */
const server = createServer((_req, res) => {
  res.end('hello');
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.send?.({ port: address.port });
});
