// One market at a time runs from a DATA_DIR; commands find there how to reach it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './private-file.mjs';
import { Stop } from './stop.mjs';

/** @throws Stop while another market runs from the folder. `wasUnclean`: the last one was killed. */
export function claimDataDir(dataDir) {
  const path = join(dataDir, 'running.json');
  const previous = existsSync(path) ? readRunning(path) : null;
  if (previous && previous.pid !== process.pid && isStart(previous.pid)) {
    throw new Stop(
      `Credit Mart already runs from ${dataDir} (process ${previous.pid}): stop it, or set DATA_DIR and PORT for a second one.`,
    );
  }
  const write = (settings) => writePrivate(path, `${JSON.stringify({ pid: process.pid, settings }, null, 2)}\n`);
  write({});
  return { wasUnclean: previous !== null, publish: write, release: () => rmSync(path, { force: true }) };
}

/** The settings of the market that runs from a DATA_DIR, or null. */
export function runningSettings(dataDir) {
  const path = join(dataDir, 'running.json');
  const running = existsSync(path) ? readRunning(path) : null;
  return running && isStart(running.pid) && running.settings.DATABASE_URL ? running.settings : null;
}

/**
 * The settings of a command. The environment wins: a DATABASE_URL other than the running market's means another market, for which
 * the running one's secrets are not used. @returns null if neither names a database.
 */
export function commandSettings(environment, running) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const isOther = given.DATABASE_URL !== undefined && given.DATABASE_URL !== running?.DATABASE_URL;
  const settings = isOther ? given : { ...running, ...given };
  return settings.DATABASE_URL ? settings : null;
}

function readRunning(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { pid: 0, settings: {} };
  }
}

const STARTERS = /\b(start|dev)\.mjs/;

/** Process ids are reused, so the command line must be ours, too. */
function isStart(pid) {
  if (!pid) return false;
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' }).match(STARTERS) !== null;
  } catch (error) {
    return error.code === 'ENOENT' ? STARTERS.test(commandOf(pid)) : false;
  }
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
