// `npm run bench:<name> [-- --flags]`: bundles bench/ and runs bench/<name>.ts.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, isStale } from './build.mjs';
import { checkNode, install, needsInstall } from './install.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
const [name = '', ...flags] = process.argv.slice(2);

checkNode();
if (!existsSync(join('bench', `${name}.ts`))) end(`There is no benchmark named ${name || '…'}: look into bench/.`);
if (process.platform !== 'linux') end('The benchmarks read in /proc what each process spent: run them on Linux.');
if (spawnSync('wrk', ['--version']).error) end('The benchmarks drive load with wrk: install it (`apt install wrk`).');
if (needsInstall()) await install();
if (isStale()) await build();
if ((await run('node_modules/vite/bin/vite.js', 'build', '--config', 'bench/vite.config.ts', '--logLevel', 'warn')) !== 0) process.exit(1);
process.exit(await run('--enable-source-maps', join('.cache/bench', `${name}.js`), ...flags));

function run(...args) {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } });
  return new Promise((done) => child.on('exit', (code) => done(code ?? 1)));
}

function end(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
