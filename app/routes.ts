import { route, type RouteConfig } from '@remix-run/route-config';

/** The table of pages, one line each: URL, then file. Addresses are built by paths.ts. Machine routes stand in web/machine-routes.ts. */
export default [
  route('*', 'routes/not-found/route.tsx'),
] satisfies RouteConfig;
