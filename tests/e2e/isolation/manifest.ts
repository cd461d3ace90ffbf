import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import type { Express } from 'express';

/** The ids of all routes of the built pages, except the root. */
export async function pageRoutes(): Promise<string[]> {
  const build = (await import(/* @vite-ignore */ pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild;
  return Object.keys(build.routes)
    .filter((id) => id !== 'root')
    .sort();
}

/** The ids of routes with an action. */
export async function routesWithForms(): Promise<string[]> {
  const build = (await import(/* @vite-ignore */ pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild;
  return Object.entries(build.routes).flatMap(([id, route]) => (route?.module.action ? [id] : []));
}

interface Layer {
  handle: { addresses?: string[]; stack?: Layer[] };
  regexp: RegExp & { fast_slash?: boolean };
  route?: { path: string | RegExp; methods: Record<string, boolean> };
}

/** Every handler mounted at a URL, as express stores it: `get /healthz`, `use /assets`. */
export function mountedRoutes(app: Express): string[] {
  return routesIn((app._router as { stack: Layer[] }).stack);
}

function routesIn(stack: Layer[]): string[] {
  return stack.flatMap(({ handle, route, regexp }) => {
    if (route) return listMethods(route.methods).map((method) => `${method} ${String(route.path)}`);
    // The gateway is mounted without a path and lists its own routes; it also owns the rest of /gateway.
    if (handle.addresses) return [...handle.addresses, 'use /gateway'];
    if (regexp.fast_slash) return routesIn(handle.stack ?? []);
    return [`use ${readPath(regexp)}`];
  });
}

/** Express stores `app.all` as every method. */
function listMethods(methods: Record<string, boolean>): string[] {
  const names = Object.keys(methods);
  return names.length > 10 ? ['all'] : names;
}

/** Express stores `/a/b` as `^\/a\/b\/?(?=\/|$)`. */
function readPath(regexp: RegExp): string {
  return regexp.source
    .replace(/^\^/, '')
    .replace(/\\\/\?\(\?=\\\/\|\$\)$/, '')
    .replaceAll('\\/', '/');
}

/** The URL patterns of all pages, such as `/listings/:listingId`. */
export async function pagePaths(): Promise<string[]> {
  const build = (await import(/* @vite-ignore */ pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild;
  return Object.values(build.routes).flatMap((route) => (route ? [`/${route.path ?? ''}`] : []));
}
