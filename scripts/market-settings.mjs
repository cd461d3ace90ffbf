// For commands that work on a market: the one that the environment names, or else the one that runs from DATA_DIR.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandSettings, runningSettings } from './data-dir.mjs';

/** The settings of the market, from the root of the project. Ends the process with a sentence when there is none. */
export function marketSettings() {
  process.chdir(resolve(import.meta.dirname, '..'));
  if (existsSync('.env')) process.loadEnvFile('.env');
  const settings = commandSettings(process.env, runningSettings(resolve(process.env.DATA_DIR || '.data')));
  if (settings) return settings;
  process.stderr.write(
    'No market runs from this DATA_DIR: run `npm start` or `npm run dev` in another terminal first, or set DATABASE_URL and the rest.\n',
  );
  process.exit(1);
}

/** Prints which database a command touches, without its password. */
export function printDatabase(url) {
  const { host, pathname, username } = new URL(url);
  process.stdout.write(`Database: ${host}${pathname} as ${username}\n`);
}
