import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import type { RequestHandler } from 'express';
import type { Services } from '~/services.server';
import { requestIdOf } from './request-id';
import { nonceOf } from './security-headers';

/** What Remix built of the pages, found from the working directory: this file moves when it is bundled. */
export async function remixBuild(): Promise<ServerBuild> {
  return (await import(/* @vite-ignore */ pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild;
}

/**
 * The pages. Remix is bundled on its own, so its modules are a second copy of ours: nothing with a state may be shared by import,
 * and what a loader needs is handed over in the load context.
 */
export async function pages(services: Services): Promise<RequestHandler> {
  const build = await remixBuild();
  const handle = createRequestHandler({
    build,
    mode: 'production',
    getLoadContext: (req, res) => ({ services, cspNonce: nonceOf(res), clientIp: req.ip ?? '', requestId: requestIdOf(res) }),
  });
  return (req, res, next) => void handle(req, res, next);
}
