import type { InlineConfig } from 'vite';
import { aliases } from '../../vite.aliases';

/** Loads the source modules one at a time, without a server. */
const loading: InlineConfig = {
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  resolve: { alias: aliases },
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
};

export default loading;
