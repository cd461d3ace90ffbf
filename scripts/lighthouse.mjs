// `npm run bench:lighthouse [-- --url http://127.0.0.1:3000]`: Lighthouse on the public pages of a running demo, as a phone and as a desk.
// For a quiet machine: scores move with whatever else runs. Not part of `npm test`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findBrowser } from './browser.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
const flag = process.argv.indexOf('--url');
const origin = flag === -1 ? 'http://127.0.0.1:3000' : process.argv[flag + 1];
const LONGEST_PAINT_MS = 1_200;

const chromium = await findBrowser();
if (!chromium) end('No Chromium was found: set CHROMIUM_PATH, or install one.');
const lot = await fetch(`${origin}/api/v1/listings`).then(
  async (answer) => (await answer.json()).listings[0]?.url,
  () => end(`Nothing answers at ${origin}: run \`npm start\` in another terminal, or pass --url.`),
);
const pages = ['/', '/listings', ...(lot ? [new URL(lot).pathname] : []), '/guides/replicate-free-credits', '/docs/gateway', '/signin'];
const folder = mkdtempSync(join(tmpdir(), 'lighthouse-'));
let isGood = true;

console.log('page · as · performance accessibility practices search · largest paint · shift');
for (const page of pages) for (const device of ['phone', 'desk']) report(page, device, measure(origin + page, device));
rmSync(folder, { recursive: true });
process.exit(isGood ? 0 : 1);

function measure(url, device) {
  const file = join(folder, 'report.json');
  const args = ['node_modules/lighthouse/cli/index.js', url, '--quiet', '--output=json', `--output-path=${file}`];
  args.push('--chrome-flags=--headless=new --no-sandbox', ...(device === 'desk' ? ['--preset=desktop'] : []));
  const run = spawnSync(process.execPath, args, { env: { ...process.env, CHROME_PATH: chromium }, encoding: 'utf8' });
  if (run.status !== 0) end(`Lighthouse failed at ${url}:\n${run.stderr}`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function report(page, device, { categories, audits }) {
  const scores = ['performance', 'accessibility', 'best-practices', 'seo'].map((name) => Math.round(categories[name].score * 100));
  const paintMs = Math.round(audits['largest-contentful-paint'].numericValue);
  const shift = audits['cumulative-layout-shift'].numericValue;
  const good = scores.every((score) => score === 100) && paintMs <= LONGEST_PAINT_MS && shift === 0;
  isGood &&= good;
  console.log(`${page} · ${device} · ${scores.join(' ')} · ${paintMs} ms · ${shift.toFixed(3)}${good ? '' : '  <- below the goal'}`);
  const lost = Object.values(audits).filter(({ score, scoreDisplayMode }) => scoreDisplayMode === 'binary' && score === 0);
  for (const { id, title } of lost) console.log(`    ${id}: ${title}`);
}

function end(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
