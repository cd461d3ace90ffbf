import { readdirSync } from 'node:fs';
import { defineConfig } from 'vite';
import { aliases } from '../vite.aliases';

/** Bundles every benchmark, and every server that it starts, into its own file. */
function entries(): Record<string, string> {
  const names = ['', 'servers/'].flatMap((folder) =>
    readdirSync(`bench/${folder}`)
      .filter((file) => file.endsWith('.ts') && file !== 'vite.config.ts')
      .map((file) => `${folder}${file.slice(0, -'.ts'.length)}`),
  );
  return Object.fromEntries(names.map((name) => [name, `bench/${name}.ts`]));
}

export default defineConfig({
  root: '.',
  resolve: { alias: aliases },
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: '.cache/bench',
    emptyOutDir: true,
    sourcemap: true,
    rollupOptions: { input: entries() },
  },
});
