// Bundles the processes of `npm run dev` with esbuild, in tenths of a second, and tells which of them a change touched.
import { createHash } from 'node:crypto';
import { mkdirSync, watch, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Stop } from '../stop.mjs';

const ENTRIES = {
  server: 'app/dev-server.ts',
  'check-env': 'app/bin/check-env.ts',
  migrate: 'db/migrate.ts',
  seed: 'db/seed.ts',
  'stripe-sandbox': 'sandbox/stripe/main.ts',
  'replicate-sandbox': 'sandbox/replicate/main.ts',
};
const WATCHED = ['app', 'db', 'sandbox', 'migrations'];
const SETTLE_MS = 60;

/** @param {string} folder where the bundles go */
export async function createBundler(folder) {
  const esbuild = await import('esbuild');
  const context = await esbuild.context({
    entryPoints: ENTRIES,
    outdir: folder,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    jsx: 'automatic',
    sourcemap: 'linked',
    logLevel: 'silent',
  });
  const written = new Map();
  return {
    /** Bundles all. @returns the names of the processes whose code changed. @throws Stop with what does not compile */
    async build() {
      const { outputFiles } = await context.rebuild().catch(async (error) => {
        const lines = await esbuild.formatMessages(error.errors ?? [], { kind: 'error', color: process.stdout.isTTY });
        throw new Stop(lines.join('') || String(error));
      });
      return outputFiles.filter((file) => writeIfChanged(file, written)).flatMap(({ path }) => processOf(path));
    },
    stop: () => context.dispose(),
  };
}

function writeIfChanged({ path, contents }, written) {
  const hash = createHash('sha256').update(contents).digest('hex');
  if (written.get(path) === hash) return false;
  written.set(path, hash);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
  return true;
}

const processOf = (path) => (path.endsWith('.js') ? [basename(path, '.js')] : []);

/** Calls `onChange` with the paths that changed, one call at a time. @returns a function that ends it */
export function watchSources(onChange) {
  let changed = new Set();
  let timer;
  let busy = Promise.resolve();
  const flush = () => {
    const paths = [...changed];
    changed = new Set();
    busy = busy.then(() => onChange(paths));
  };
  const watchers = WATCHED.map((folder) =>
    watch(folder, { recursive: true }, (_event, file) => {
      changed.add(`${folder}/${file}`);
      clearTimeout(timer);
      timer = setTimeout(flush, SETTLE_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    watchers.forEach((watcher) => watcher.close());
  };
}
