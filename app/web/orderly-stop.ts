import type { Server, ServerResponse } from 'node:http';

export interface OrderlyStop {
  /** Takes no new connection; resolves when every request that has come is answered. */
  close: () => Promise<void>;
}

/**
 * Lets a server stop without breaking off what it is doing. While it stops every answer ends its connection (`Connection: close`), so that
 * clients go elsewhere with their next request; connections that wait for nothing are closed.
 */
export function orderlyStop(server: Server): OrderlyStop {
  const open = new Set<ServerResponse>();
  let isStopping = false;
  // Before all others, which may answer at once.
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
