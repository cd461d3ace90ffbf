import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'vite';
import { aliases } from './vite.aliases';

/**
 * Processes without Remix: web server, worker, migration, seed, the sandboxes, and every command of app/bin, each bundled to
 * build/node/<name>.js. A second build, since the Remix plugin replaces the inputs of the first.
 */
function entries(): Record<string, string> {
  const fixed = {
    server: 'app/server.ts',
    worker: 'app/worker.ts',
    migrate: 'db/migrate.ts',
    seed: 'db/seed.ts',
    'stripe-sandbox': 'sandbox/stripe/main.ts',
    'replicate-sandbox': 'sandbox/replicate/main.ts',
  };
  const commands = readdirSync('app/bin').filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const all = [...Object.entries(fixed), ...commands.map((file) => [basename(file, '.ts'), `app/bin/${file}`] as const)];
  return Object.fromEntries(all.filter(([, path]) => existsSync(path)));
}

export default defineConfig({
  resolve: { alias: aliases },
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: `${process.env.BUILD_DIR ?? 'build'}/node`,
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    rollupOptions: { input: entries(), output: { entryFileNames: '[name].js', chunkFileNames: 'shared/[name]-[hash].js' } },
  },
});
