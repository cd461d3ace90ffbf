import type { ServerBuild } from '@remix-run/node';
import * as streaming from './entry.server';
import * as oneString from './entry-string.server';
import * as lots from './lots';
import * as root from './root';

const module = (id: string) => ({
  id,
  module: `/assets/${id}.js`,
  hasAction: false,
  hasClientAction: false,
  hasClientLoader: false,
  hasErrorBoundary: false,
  imports: [],
});

/** What the Remix compiler would make of these three files; no browser requests the scripts it names. */
export const build: ServerBuild = {
  entry: { module: process.env.ENTRY === 'one-string' ? oneString : streaming },
  routes: {
    root: { id: 'root', path: '', module: root },
    lots: { id: 'lots', parentId: 'root', path: 'listings', module: lots },
  },
  assets: {
    entry: { module: '/assets/entry.client.js', imports: [] },
    routes: {
      root: { ...module('root'), path: '', hasLoader: false },
      lots: { ...module('lots'), parentId: 'root', path: 'listings', hasLoader: true },
    },
    url: '/assets/manifest.js',
    version: '1',
  },
  publicPath: '/',
  assetsBuildDirectory: 'build/client',
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_singleFetch: true,
    v3_lazyRouteDiscovery: false,
  },
  mode: 'production',
  isSpaMode: false,
};
