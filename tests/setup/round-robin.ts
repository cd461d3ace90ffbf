import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

export interface RoundRobin {
  close(): Promise<void>;
}

/**
 * A load balancer in front of several processes: each request goes to the next process.
 * It skips a process that is down. If a process dies while it answers, the client gets a 502; no request is sent twice.
 */
export async function startRoundRobin(port: number, backends: (path: string) => readonly number[]): Promise<RoundRobin> {
  let turn = 0;
  const server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 64 * 1024 }, (req, res) => {
    const ports = backends(req.url ?? '/');
    turn += 1;
    forward(
      req,
      res,
      ports.map((_port, index) => ports[(turn + index) % ports.length] ?? port),
    );
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Opens a connection for each request, since the other side may close a kept one just as it is used. */
const agent = new Agent({ keepAlive: false });

function forward(req: IncomingMessage, res: ServerResponse, [port, ...others]: number[]): void {
  if (port === undefined) return refuse(res);
  let connected = false;
  const passed = request({ agent, port, host: '127.0.0.1', method: req.method, path: req.url, headers: withoutConnection(req.rawHeaders) });
  passed.once('socket', (socket) =>
    socket.once('connect', () => {
      connected = true;
      req.pipe(passed);
    }),
  );
  passed.once('response', (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.statusMessage, withoutConnection(answer.rawHeaders));
    answer.pipe(res);
    answer.once('error', () => res.destroy());
  });
  passed.once('error', () => (connected ? refuse(res) : forward(req, res, others)));
  res.once('close', () => passed.destroy());
}

function refuse(res: ServerResponse): void {
  if (res.headersSent) res.destroy();
  else res.writeHead(502, { 'content-type': 'text/plain' }).end('No process answered.\n');
}

/** Copies headers as received, with duplicates, except those of the connection itself. */
function withoutConnection(raw: readonly string[]): string[] {
  const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
  return pairs.filter(([name = '']) => !/^(connection|keep-alive)$/i.test(name)).flat();
}
