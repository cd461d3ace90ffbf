import { createServer as createHttpServer } from 'node:http';
import { resolve } from 'node:path';
import type { ServerBuild } from '@remix-run/node';
import type { ErrorRequestHandler } from 'express';
import { createServer, type ViteDevServer } from 'vite';
import { getNonce } from '~/web/middleware/security-headers';
import type { PageSource } from '~/web/page-source';
import { ErrorsByRequest, overlayScript, toPayload } from './error-overlay';

/** Packages that run in the browser. Vite must not look for them by itself: it would follow loaders into packages of the server. */
const BROWSER_PACKAGES = ['@conform-to/react', '@conform-to/zod/v4', 'd3-scale', 'd3-shape', 'zod'];
const RELOAD = 'credit-mart:reload';

/** Pages that Vite compiles when they are asked for, with hot reload and its error overlay. For `npm run dev` only. */
export async function vitePages(): Promise<PageSource> {
  // Vite takes its WebSocket from a server: this one gets what the real server gets, so that no second port is open.
  const upgrades = createHttpServer();
  const vite = await createServer({
    appType: 'custom',
    clearScreen: false,
    logLevel: 'warn',
    optimizeDeps: { noDiscovery: true, include: BROWSER_PACKAGES },
    server: { middlewareMode: true, hmr: { server: upgrades }, fs: { deny: ['.env*', `${resolve(process.env.DATA_DIR ?? '.data')}/**`] } },
  });
  vite.watcher.on('change', () => vite.ws.send({ type: 'custom', event: RELOAD }));
  const errors = new ErrorsByRequest();
  return {
    mode: 'development',
    load: () => loadPages(vite, errors),
    files: [vite.middlewares],
    development: {
      finishPage: (page, { nonce, requestId }) => {
        const error = errors.take(requestId);
        return withScripts(page, nonce, error ? overlayScript(error) : '');
      },
      showError: showError(vite),
      attach: (server) => void server.on('upgrade', (...request) => upgrades.emit('upgrade', ...request)),
      close: () => vite.close(),
    },
  };
}

/** Remix's pages, whose errors are noted for the overlay besides being logged. */
async function loadPages(vite: ViteDevServer, errors: ErrorsByRequest): Promise<ServerBuild> {
  const build = (await vite.ssrLoadModule('virtual:remix/server-build')) as ServerBuild;
  const { module } = build.entry;
  const handleError: typeof module.handleError = (error, args) => {
    errors.note(args.context.requestId, error);
    if (error instanceof Error && new URL(args.request.url).pathname.endsWith('.data'))
      vite.ws.send({ type: 'error', err: toPayload(error) });
    module.handleError?.(error, args);
  };
  return { ...build, entry: { module: { ...module, handleError } } };
}

/** Pages for visitors carry no scripts: these reload them after a change, and show what went wrong. */
function withScripts(page: Buffer, nonce: string, more: string): Buffer {
  const script = [
    `import { createHotContext } from '/@vite/client';`,
    page.includes('__remixContext') ? '' : `createHotContext('/page').on('${RELOAD}', () => location.reload());`,
    more,
  ].join('\n');
  const html = page.toString();
  const end = html.lastIndexOf('</body>');
  if (end < 0) return page;
  return Buffer.from(`${html.slice(0, end)}<script type="module" nonce="${nonce}">\n${script}\n</script>${html.slice(end)}`);
}

/** A module that does not compile or load. */
function showError(vite: ViteDevServer): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent || !(error instanceof Error)) return next(error);
    vite.ssrFixStacktrace(error);
    process.stderr.write(`${error.stack ?? error.message}\n`);
    const page = Buffer.from('<!doctype html><title>Error</title><body></body>');
    res
      .status(500)
      .type('html')
      .send(withScripts(page, getNonce(res), overlayScript(toPayload(error))));
  };
}
