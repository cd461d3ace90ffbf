import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';
import remixConfig from './remix.config.js';
import { aliases } from './vite.aliases';
import { guideFiles } from './vite.guides';

/** Pages: what the browser gets (build/client) and what renders them (build/server). */
export default defineConfig({
  plugins: [guideFiles(), remix(remixConfig)],
  resolve: { alias: aliases },
  build: { target: 'es2022', assetsInlineLimit: 0 },
  optimizeDeps: { esbuildOptions: { target: 'es2022' } },
});
