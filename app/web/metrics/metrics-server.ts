import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Services } from '~/services.server';
import type { Metrics } from './metrics';
import type { Readiness } from '~/web/readiness';

/**
 * Serves metrics and health on a separate port for operators. It asks for no password, so it is bound to this machine unless METRICS_HOST
 * says otherwise. Null without METRICS_PORT.
 */
export async function serveMetrics(services: Services, metrics: Metrics, readiness: () => Promise<Readiness>): Promise<Server | null> {
  const { metrics: at } = services.env;
  if (at === null) return null;
  const routes: Record<string, (res: ServerResponse) => Promise<void>> = {
    '/metrics': async (res) => send(res, 200, await metrics.text(), metrics.contentType),
    '/healthz': async (res) => send(res, 200, 'ok\n'),
    '/readyz': async (res) => {
      const { ready, text } = await readiness();
      send(res, ready ? 200 : 503, text);
    },
  };
  const server = createServer((req, res) => {
    const route = req.method === 'GET' ? routes[(req.url ?? '').replace(/\?.*$/s, '')] : undefined;
    if (!route) return send(res, 404, 'There is nothing here.\n');
    route(res).catch((error: unknown) => {
      services.log.error({ err: error }, 'the metrics could not be read');
      send(res, 500, 'The metrics could not be read.\n');
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(at.port, at.host, done);
  });
  return server;
}

function send(res: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  if (!res.headersSent) res.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  res.end(text);
}
