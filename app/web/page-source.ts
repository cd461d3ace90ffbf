import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Server } from 'node:http';
import { staticFiles } from './middleware/static-files';

/** Where the pages and their files come from: the build that ships, or Vite while somebody develops. */
export interface PageSource {
  mode: 'production' | 'development';
  /** The pages as Remix compiled them. In development a changed page is compiled again. */
  load: () => Promise<ServerBuild>;
  /** Serve scripts, styles, fonts and images. */
  files: RequestHandler[];
  development?: DevelopmentPages;
}

/** What only development adds. */
export interface DevelopmentPages {
  /** Changes each finished HTML page. */
  finishPage(page: Buffer, request: { nonce: string; requestId: string }): Buffer;
  /** Shows an error of ours in the browser. */
  showError: ErrorRequestHandler;
  /** Lets the browser's connection for hot reload through. */
  attach(server: Server): void;
  close(): Promise<void>;
}

/** The output of `npm run build`, found from the working directory: this file moves when it is bundled. */
export const builtPages: PageSource = {
  mode: 'production',
  load: async () => (await import(/* @vite-ignore */ pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild,
  files: staticFiles(),
};
