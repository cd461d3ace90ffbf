import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinCode, createSnippet, type SnippetClient } from '~/components/client-snippets';
import { withAddresses } from '~/content/guide';
import { guides } from '~/content/guides.server';
import { aWallet } from '~tests/factories/runs';
import { testMarket } from '~tests/setup/market';
import { calling } from './calling';

/** The code examples of pages and README run to their end and print something. */
const market = testMarket();
const calls = calling(market);
const execute = promisify(execFile);
let folder: string;

beforeAll(() => {
  // Below node_modules, so that imports find the clients.
  mkdirSync('node_modules/.cache', { recursive: true });
  folder = mkdtempSync(join('node_modules/.cache', 'snippets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const commands = { js: [process.execPath, 'mjs'], sh: ['sh', 'sh'], python: ['python3', 'py'] } as const;

/** Runs a program with a key in CREDIT_MART_KEY and returns its output. */
async function printed(language: keyof typeof commands, code: string, key: string): Promise<string> {
  const [command, extension] = commands[language];
  const file = resolve(folder, `example.${extension}`);
  writeFileSync(file, code);
  const { stdout } = await execute(command, [file], { env: { ...process.env, CREDIT_MART_KEY: key }, timeout: 30_000 });
  return stdout;
}

const can = (command: string, ...args: string[]) =>
  execute(command, args).then(
    () => true,
    () => false,
  );

const fileAddress = /\/gateway\/files\/[\w-]{43}\/files\/\w+\/0\.png/;

describe('the code examples on pages', () => {
  it.each<[SnippetClient, 'js' | 'sh', RegExp]>([
    ['node', 'js', fileAddress],
    ['ai-sdk', 'js', /^image\/png \d+ bytes/],
    ['curl', 'sh', /"status":"succeeded"/],
  ])('%s prints its output, with the key in the code and in the environment', async (client, language, expected) => {
    const wallet = await aWallet(market, { usd: 10 });
    for (const accessKey of [null, wallet.key]) {
      const code = joinCode(createSnippet(client, { baseUrl: calls.gateway.url, accessKey }));
      expect(await printed(language, code, wallet.key)).toMatch(expected);
    }
  });

  it('Python is well-formed, and prints its output where the client is installed', async ({ skip }) => {
    if (!(await can('python3', '--version'))) return skip();
    const wallet = await aWallet(market, { usd: 10 });
    const code = joinCode(createSnippet('python', { baseUrl: calls.gateway.url, accessKey: null }));
    if (await can('python3', '-c', 'import replicate')) expect(await printed('python', code, wallet.key)).toMatch(fileAddress);
    else await execute('python3', ['-c', 'import ast, sys; ast.parse(sys.argv[1])', code]);
  });
});

describe('the code examples in the README', () => {
  const readme = readFileSync('README.md', 'utf8');
  const blocks = [...readme.matchAll(/```(js|sh)\n(.*?)```/gs)].filter(([, , code = '']) => code.includes('/gateway/replicate'));

  it.each(blocks.map(([, language, code]) => [language, code] as ['js' | 'sh', string]))('%s prints something', async (language, code) => {
    const wallet = await aWallet(market, { usd: 10 });
    const here = code.replaceAll('http://127.0.0.1:3000/gateway/replicate/v1', calls.gateway.url);
    expect(await printed(language, here, wallet.key)).toMatch(fileAddress);
  });

  it('are two', () => expect(blocks.length).toBe(2));
});

describe('the examples of the guides', () => {
  // Those that ask the market are run by tests/e2e/guides.test.ts.
  const all = guides.flatMap(({ slug, markdown }) =>
    [...markdown.matchAll(/^```(js|sh) run\n(.*?)^```/gms)].map(
      ([, language, code]) => [slug, language, code] as [string, 'js' | 'sh', string],
    ),
  );
  const blocks = all.filter(([, , code]) => code.includes('{{gateway}}'));
  const expected: Record<string, RegExp> = {
    'replicate-rate-limits': /^succeeded/,
    'move-to-credit-mart': /^succeeded|"type":"/,
  };

  it.each(blocks)('%s: %s prints something', async (slug, language, code) => {
    const wallet = await aWallet(market, { usd: 10 });
    const here = withAddresses(code, { gateway: calls.gateway.url, market: new URL(calls.gateway.url).origin });
    expect(await printed(language, here, wallet.key)).toMatch(expected[slug] ?? /^$/);
  });

  it('are there, and nothing that looks like one is left out', () => {
    expect([all.length, blocks.length]).toEqual([4, 3]);
    for (const { slug, markdown } of guides) expect(markdown.match(/^```(js|sh|python)$/m), slug).toBeNull();
  });
});
