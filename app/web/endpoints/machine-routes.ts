import type { Express, RequestHandler } from 'express';
import type { Services } from '~/services.server';
import { mountGateway } from '~/gateway/mount';
import { mountStripeWebhook } from '~/web/endpoints/stripe-webhook';
import { mountListingsApi } from './listings-api';

/**
 * Routes for programs: they read no cookie and send no CORS headers. Each brings its own authentication and its own body cap. Which of
 * them a process has is its role's.
 */
export function mountMachineRoutes(app: Express, services: Services, stopping?: AbortSignal): void {
  const { role, gateway } = services.env;
  if (role === 'web') app.use('/gateway', nothingElse);
  else
    mountGateway(app, {
      ctxFor: (actor) => services.ctxFor(actor),
      createsPerMinute: gateway.createsPerMinute,
      ...(stopping && { stopping }),
    });
  if (role === 'gateway') return;
  mountStripeWebhook(app, services);
  mountListingsApi(app, services);
}

/** 404 for paths of other roles: the proxy in front routes each path to its role. */
export const nothingElse: RequestHandler = (_req, res) => {
  res.status(404).type('text/plain').send('There is nothing here.\n');
};
