// `npm start`: from a bare checkout to a market that serves. `node:` only until the packages are there.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkNode, install, needsInstall } from './install.mjs';
import { startDemo } from './market/demo.mjs';
import { Launcher, say } from './market/launcher.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
if (existsSync('.env')) process.loadEnvFile('.env');

const launcher = new Launcher({ programs: 'build/node' });
await launcher.main(async () => {
  checkNode();
  const isDemo = (process.env.APP_MODE || 'demo') === 'demo';
  await (isDemo ? startDemo(launcher, { prepare, serve, defaults: { NODE_ENV: 'production' } }) : startPlain());
});

async function prepare() {
  if (needsInstall()) await launcher.step('Installing packages', install);
  const { build, isStale } = await import('./build.mjs');
  if (isStale()) await launcher.step('Building', () => build());
}

/** Production: all settings come from the environment. */
async function startPlain() {
  await prepare();
  const env = { ...process.env, NODE_ENV: 'production' };
  await launcher.command('check-env', env);
  await launcher.step('Migrating', () => launcher.command('migrate', env));
  delete env.DATABASE_OWNER_URL;
  await serve({ env, dataDir: resolve(process.env.DATA_DIR || '.data') });
  say(env.ROLE === 'worker' ? '\n  Credit Mart works off its jobs\n' : `\n  Credit Mart serves ${env.PUBLIC_URL}\n`);
}

async function serve({ env, dataDir }) {
  if (env.ROLE === 'worker') return launcher.run('worker', env, { dataDir });
  return launcher.run('server', env, { dataDir, healthUrl: `http://127.0.0.1:${env.PORT || 3000}/readyz` });
}
