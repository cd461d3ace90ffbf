import type { InlineConfig } from 'vite';
import { aliases } from '../../vite.aliases';

/** Loads the sources as they are, one module at a time, without serving anything. */
const loading: InlineConfig = {
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  resolve: { alias: aliases },
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
};

export default loading;
