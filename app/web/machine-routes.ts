import type { Express } from 'express';
import type { Services } from '~/services.server';

/** Routes for programs: they read no cookie and send no CORS headers. Each brings its own authentication and its own body cap. */
export function mountMachineRoutes(_app: Express, _services: Services): void {
  // mountGateway(app, services); mountStripeWebhooks(app, services); mountPublicApi(app, services);
}
