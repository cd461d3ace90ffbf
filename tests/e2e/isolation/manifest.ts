import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import type { Express } from 'express';

/** The ids of all routes of the built pages, but the document around them. */
export async function pageRoutes(): Promise<string[]> {
  const build = (await import(/* @vite-ignore */ pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild;
  return Object.keys(build.routes)
    .filter((id) => id !== 'root')
    .sort();
}

/** Which of them have an action. */
export async function routesWithForms(): Promise<string[]> {
  const build = (await import(/* @vite-ignore */ pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild;
  return Object.entries(build.routes).flatMap(([id, route]) => (route?.module.action ? [id] : []));
}

interface Layer {
  handle: { addresses?: string[] };
  regexp: RegExp & { fast_slash?: boolean };
  route?: { path: string | RegExp; methods: Record<string, boolean> };
}

/** Everything that is mounted with an address of its own, as express keeps it: `get /healthz`, `use /assets`. */
export function mountedRoutes(app: Express): string[] {
  const { stack } = app._router as { stack: Layer[] };
  return stack.flatMap(({ handle, route, regexp }) => {
    if (route) return listMethods(route.methods).map((method) => `${method} ${String(route.path)}`);
    // The gateway is mounted without an address and looks by itself; it says what it serves, and the rest of /gateway is its, too.
    if (handle.addresses) return [...handle.addresses, 'use /gateway'];
    return regexp.fast_slash ? [] : [`use ${readPath(regexp)}`];
  });
}

/** `app.all` is kept as every method there is. */
function listMethods(methods: Record<string, boolean>): string[] {
  const names = Object.keys(methods);
  return names.length > 10 ? ['all'] : names;
}

/** Express keeps `/a/b` as `^\/a\/b\/?(?=\/|$)`. */
function readPath(regexp: RegExp): string {
  return regexp.source
    .replace(/^\^/, '')
    .replace(/\\\/\?\(\?=\\\/\|\$\)$/, '')
    .replaceAll('\\/', '/');
}

/** The patterns of all pages: `/listings/:listingId`. */
export async function pagePaths(): Promise<string[]> {
  const build = (await import(/* @vite-ignore */ pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild;
  return Object.values(build.routes).flatMap((route) => (route ? [`/${route.path ?? ''}`] : []));
}
