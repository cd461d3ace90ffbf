import type { Server, ServerResponse } from 'node:http';

export interface OrderlyStop {
  /** Refuses new connections; resolves when all open requests are answered. */
  close: () => Promise<void>;
}

/**
 * Stops a server after its open requests. While it stops, responses carry `Connection: close`, so that clients send their next request
 * elsewhere; idle connections are closed.
 */
export function orderlyStop(server: Server): OrderlyStop {
  const open = new Set<ServerResponse>();
  let isStopping = false;
  // Before all other listeners, which may respond synchronously.
  server.prependListener('request', (_req, res: ServerResponse) => {
    open.add(res);
    res.once('close', () => open.delete(res));
    if (isStopping) endConnection(res);
  });
  return {
    close: () =>
      new Promise((done) => {
        isStopping = true;
        open.forEach(endConnection);
        const timer = setInterval(() => open.size === 0 && server.closeAllConnections(), 50);
        server.close(() => {
          clearInterval(timer);
          done();
        });
      }),
  };
}

function endConnection(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('connection', 'close');
}
