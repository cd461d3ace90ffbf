// Builds pages (build/client, build/server) and processes (build/node). With --if-stale only if a source has changed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stop } from './stop.mjs';

const SOURCES = [
  'app',
  'db',
  'sandbox',
  'public',
  'package-lock.json',
  'remix.config.js',
  'tsconfig.json',
  'vite.aliases.ts',
  'vite.config.ts',
  'vite.guides.ts',
  'vite.node.config.ts',
];
const STAMP = 'build/.sources';

const REMIX = ['node_modules/@remix-run/dev/dist/cli.js', 'vite:build', '--logLevel', 'warn'];
const NODE = ['node_modules/vite/bin/vite.js', 'build', '--config', 'vite.node.config.ts', '--logLevel', 'warn'];

/** Whether build/ was made from the current sources. */
export function isStale() {
  return !existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== sourcesHash();
}

/** @param {(line: string) => void} [onFailure] gets the builder's output if it fails */
export async function build(onFailure = (text) => process.stderr.write(text)) {
  const hash = sourcesHash();
  // Builds in a temporary folder and swaps it in: a failed build keeps the last one, and two builds at once do not mix.
  const folder = `node_modules/.cache/build-${process.pid}`;
  rmSync(folder, { recursive: true, force: true });
  // One after the other, since the first empties the folder of both.
  for (const args of [REMIX, NODE]) {
    const { code, output } = await run(args, folder);
    if (code === 0) continue;
    rmSync(folder, { recursive: true, force: true });
    onFailure(withoutFileList(output));
    throw new Stop('The build failed: the lines above say why.');
  }
  writeFileSync(join(folder, '.sources'), hash);
  swapIn(folder);
}

function swapIn(folder) {
  const old = `${folder}-old`;
  if (existsSync('build')) renameSync('build', old);
  renameSync(folder, 'build');
  rmSync(old, { recursive: true, force: true });
}

/** The bundler's error lists every file it read. */
function withoutFileList(output) {
  return output.replace(/^ {2}watchFiles: \[[\s\S]*?^ {2}\],?\n/m, '');
}

function sourcesHash() {
  const hash = createHash('sha256').update(process.version);
  for (const path of SOURCES.flatMap(filesIn)) {
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return /\.test\.tsx?$/.test(path) ? [] : [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}

function run(args, folder) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production', BUILD_DIR: folder },
    });
    let output = '';
    child.stdout.on('data', (bytes) => (output += bytes));
    child.stderr.on('data', (bytes) => (output += bytes));
    child.on('exit', (code) => done({ code, output }));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--if-stale') || isStale()) {
    await build().catch((error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    });
  }
}
