import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../scripts/postgres.mjs';

/** A proxy to the database that a test can cut without stopping the database for other tests. */
export interface DatabaseWay {
  url: string;
  cut(): void;
  open(): Promise<void>;
}

export async function wayTo(databaseUrl: string): Promise<DatabaseWay> {
  const through = new URL(databaseUrl);
  const target = Number(through.port);
  const port = await freePort();
  through.port = String(port);
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket.on('error', () => undefined));
      socket.once('close', () => {
        near.destroy();
        far.destroy();
        sockets.delete(socket);
      });
    }
    near.pipe(far).pipe(near);
  });
  const way = {
    url: through.href,
    cut: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
    open: () => new Promise<void>((done) => server.listen(port, '127.0.0.1', done)),
  };
  await way.open();
  return way;
}
