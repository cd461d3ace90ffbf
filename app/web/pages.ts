import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import type { RequestHandler } from 'express';
import type { Services } from '~/services.server';
import { requestIdOf } from './request-id';
import { nonceOf } from './security-headers';

/**
 * The pages. Remix is bundled on its own, so its modules are a second copy of ours: nothing with a state may be shared by import,
 * and what a loader needs is handed over in the load context.
 */
export async function pages(services: Services): Promise<RequestHandler> {
  // Found from the working directory: this file moves when it is bundled.
  const build = (await import(/* @vite-ignore */ pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild;
  const handle = createRequestHandler({
    build,
    mode: 'production',
    getLoadContext: (req, res) => ({ services, cspNonce: nonceOf(res), clientIp: req.ip ?? '', requestId: requestIdOf(res) }),
  });
  return (req, res, next) => void handle(req, res, next);
}
