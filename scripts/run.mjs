// `npm run admin -- …` and others: runs a command of build/node against the environment's market, or else the one that runs from
// DATA_DIR. The command says which database it uses.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { install, needsInstall } from './install.mjs';
import { marketSettings } from './market-settings.mjs';

const [name = '', ...args] = process.argv.slice(2);
const settings = marketSettings();
if (needsInstall()) await install();
const program = join('build', 'node', `${name}.js`);
const { build } = await import('./build.mjs');
if (!existsSync(program)) await build();
const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
  stdio: 'inherit',
  env: { LOG_LEVEL: 'warn', ...settings },
});
child.on('exit', (code) => process.exit(code ?? 1));
