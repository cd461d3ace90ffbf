import { createRequestHandler } from '@remix-run/express';
import compression from 'compression';
import express from 'express';
import { build } from '../stock-remix/build';

/**
 * The Remix template's server and entry with the same query and the same cards. With ENTRY=one-string the
 * least that these cards cost under Remix.
 */
const app = express();
app.disable('x-powered-by');
app.use(compression());
app.all('*', createRequestHandler({ build, mode: 'production' }) as express.RequestHandler);
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.send?.({ port: address.port });
});
