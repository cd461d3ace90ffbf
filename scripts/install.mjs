// Checks the Node.js version and installs the packages of the lock file. Uses `node:` modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Stop } from './stop.mjs';

const NEEDED = [20, 19];
const MARK = 'node_modules/.installed-lock';
const INSTALLED = 'node_modules/.package-lock.json';

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  throw new Stop(`Node.js ${process.versions.node} is too old: install ${NEEDED.join('.')} or newer from https://nodejs.org.`);
}

/** Whether `npm ci` is needed: the installed packages come from another lock file. */
export function needsInstall() {
  const hash = lockHash();
  if (existsSync(MARK) && existsSync(INSTALLED)) return readFileSync(MARK, 'utf8') !== hash;
  if (!holdsTheLock()) return true;
  writeFileSync(MARK, hash);
  return false;
}

export async function install() {
  const windows = process.platform === 'win32';
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await new Promise((done, fail) => {
    const child = spawn(windows ? 'npm.cmd' : 'npm', args, { stdio: ['ignore', 'ignore', 'inherit'], shell: windows });
    child.on('error', fail);
    child.on('exit', done);
  });
  if (code !== 0) throw new Stop('The packages could not be installed: the lines above say why. With a network that works, start again.');
  writeFileSync(MARK, lockHash());
}

function lockHash() {
  return createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
}

/** Whether the installed packages match the lock file, as after a manual `npm ci`. */
function holdsTheLock() {
  if (!existsSync(INSTALLED)) return false;
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const present = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  const same = Object.entries(present).every(([path, entry]) => wanted[path]?.version === entry.version);
  return (
    same &&
    Object.entries(wanted).every(([path, entry]) => path === '' || entry.optional || entry.devOptional || entry.peer || present[path])
  );
}
