// `npm run admin -- …` and others: runs a command of build/node against the environment's market, or else the one that runs from
// DATA_DIR. The command says which database it uses.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandSettings, runningSettings } from './data-dir.mjs';
import { install, needsInstall } from './install.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
if (existsSync('.env')) process.loadEnvFile('.env');
const [name = '', ...args] = process.argv.slice(2);
const settings = commandSettings(process.env, runningSettings(resolve(process.env.DATA_DIR || '.data')));

if (!settings) {
  process.stderr.write('No market runs from this DATA_DIR: run `npm start` in another terminal first, or set DATABASE_URL and the rest.\n');
  process.exit(1);
}
if (needsInstall()) await install();
const program = join('build', 'node', `${name}.js`);
const { build } = await import('./build.mjs');
if (!existsSync(program)) await build();
const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
  stdio: 'inherit',
  env: { LOG_LEVEL: 'warn', ...settings },
});
child.on('exit', (code) => process.exit(code ?? 1));
