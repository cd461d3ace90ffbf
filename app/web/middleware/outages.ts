import type { ServerBuild } from '@remix-run/node';
import type { Logger } from 'pino';
import { DATABASE_LOST, isLostConnection } from '~/platform/lost-connection';

type Routes = ServerBuild['routes'];
type RouteModule = Routes[string]['module'];
type Loader = NonNullable<RouteModule['loader']>;

/**
 * Wraps loaders and actions: they answer 503 with a message when the database cannot be reached. Remix would turn the error into a 500.
 */
export function withOutageResponses(build: ServerBuild, log: Logger): ServerBuild {
  const routes = Object.entries(build.routes).map(([id, route]) => [id, { ...route, module: withSentence(route.module, log) }] as const);
  return { ...build, routes: Object.fromEntries(routes) };
}

function withSentence(module: RouteModule, log: Logger): RouteModule {
  const { loader, action } = module;
  return { ...module, ...(loader && { loader: telling(loader, log) }), ...(action && { action: telling(action, log) }) };
}

function telling(work: Loader, log: Logger): Loader {
  return async (args) => {
    try {
      return await work(args);
    } catch (error) {
      if (!isLostConnection(error)) throw error;
      log.error({ err: error, requestId: args.context.requestId }, 'the database does not answer');
      throw Response.json({ code: 'database_lost', message: DATABASE_LOST }, { status: 503 });
    }
  };
}
