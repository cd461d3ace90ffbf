import type { Express } from 'express';
import type { Services } from '~/services.server';
import { mountGateway } from '~/gateway/mount';
import { mountStripeWebhook } from '~/machine/stripe-webhook';
import { mountListingsApi } from './listings-api';

/** Routes for programs: they read no cookie and send no CORS headers. Each brings its own authentication and its own body cap. */
export function mountMachineRoutes(app: Express, services: Services): void {
  mountGateway(app, services);
  mountStripeWebhook(app, services);
  mountListingsApi(app, services);
}
