import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { pino } from 'pino';
import { createServices, type Services } from '~/services.server';
import { httpServer } from '~/web/http-server';
import { ResponseCache } from '~/web/cache/response-cache';
import { createReadiness } from '~/web/readiness';
import { webApp, withFastPaths } from '~/web/web-app';
import type { TestMarket } from '~tests/setup/market';

export type ServedRole = 'all' | 'web' | 'gateway';

export interface ServedMarket {
  app: Express;
  services: Services;
  server: Server;
  url: string;
  port: number;
  /** Every line that the application logged at level error or above. */
  errors: string[];
  close(): Promise<void>;
}

/**
 * Runs the market's web process inside the test process: the built pages and the shipped express application on their own port.
 * No worker runs beside it, so every change in the database comes from a request.
 */
export async function serveMarket(
  market: TestMarket,
  listenWith: (listener: RequestListener) => Server = (listener) => httpServer(listener),
  role: ServedRole = 'all',
): Promise<ServedMarket> {
  const errors: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) });
  const services = await createServices({ ...market.services.env, role }, { clock: market.services.clock, log });
  const cache = new ResponseCache(services);
  const app = await webApp(
    services,
    createReadiness(services, () => false),
    cache,
  );
  const server = listenWith(withFastPaths(app, services, cache));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    app,
    services,
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    errors,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
      await services.close();
    },
  };
}
