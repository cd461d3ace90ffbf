import type { RequestListener } from 'node:http';
import compression from 'compression';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Logger } from 'pino';
import { DATABASE_LOST, isLostConnection, LOST_RETRY_SECONDS } from '~/platform/lost-connection';
import type { Services } from '~/services.server';
import { busyPage, findStylesheet } from './busy-page';
import { bodyCap } from './middleware/body-cap';
import { mountDemoMail } from './demo-mail';
import { mountHealth } from './endpoints/health';
import { tryFirst } from './http-server';
import { listingsFastPath } from './endpoints/listings-api';
import { mountMachineRoutes, nothingElse } from './endpoints/machine-routes';
import type { ResponseCache } from './cache/response-cache';
import { withResponseCache } from './middleware/response-cache';
import { pageRequestsOnly } from './middleware/page-request';
import { pages } from './pages';
import type { Readiness } from './readiness';
import { getRequestId, withRequestId } from './middleware/request-id';
import { sameOriginOnly } from './middleware/same-origin';
import { baseHeaders, securityHeaders } from './middleware/security-headers';
import { builtPages, type PageSource } from './page-source';
import { RETRY_SECONDS, VisitorLimiter } from './visitor-limiter';

const FORM_BYTES = 64 * 1024;

/**
 * The Express application. Machine routes come before the middleware of pages: they read no cookie and have body caps of their own.
 */
export async function webApp(
  services: Services,
  readiness: () => Promise<Readiness>,
  cache: ResponseCache,
  stopping?: AbortSignal,
  source: PageSource = builtPages,
): Promise<Express> {
  const { env, log } = services;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', env.trustProxy);
  app.set('query parser', 'simple');
  app.use(withRequestId, baseHeaders(env));
  if (env.role !== 'gateway') {
    await services.watchMarket();
    app.use(withResponseCache(cache));
  }
  mountHealth(app, readiness);
  mountMachineRoutes(app, services, stopping);
  if (env.role === 'gateway') return app.use(nothingElse, unexpected(log));
  mountDemoMail(app, services);
  app.use(...securityHeaders(env, source.mode), compression(), ...source.files);
  app.use(sameOriginOnly(env), pageRequestsOnly(env.publicUrl), bodyCap(FORM_BYTES));
  app.all('*', new VisitorLimiter().forPages(busyPage(findStylesheet(await source.load()), RETRY_SECONDS)), await pages(services, source));
  if (source.development) app.use(source.development.showError);
  app.use(unexpected(log));
  return app;
}

/** The application and what is answered before it: pages and lots from cache, and lots to programs. */
export function withFastPaths(app: Express, services: Services, cache: ResponseCache): RequestListener {
  return services.env.role === 'gateway' ? app : tryFirst(app, cache.serveCached, listingsFastPath(app, services, cache));
}

function unexpected(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (!res.headersSent && isRefusal(error)) return void res.status(400).type('text/plain').send('This request cannot be read.\n');
    log.error({ err: error, requestId: getRequestId(res), path: req.path }, 'a request failed');
    if (res.headersSent) return next(error);
    if (isLostConnection(error)) {
      res.set('Retry-After', String(LOST_RETRY_SECONDS)).status(503).type('text/plain').send(`${DATABASE_LOST}\n`);
      return;
    }
    res
      .status(500)
      .type('text/plain')
      .send(`Something broke on our side. Reference: ${getRequestId(res)}\n`);
  };
}

/** Express could not parse the request: the client's mistake. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}
