import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { ServerBuild } from '@remix-run/node';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, untilHealthy, type RunningProcess } from '../../scripts/children.mjs';
import { freePort } from '../../scripts/postgres.mjs';
import { Inspector } from '~tests/setup/inspector';
import { startStack, type Stack } from '~tests/setup/stack';

const KB = 1_000;
/** The most script that a visitor's page may ship, and the most for signed-in people. */
const PUBLIC_SCRIPT_BYTES = 90 * KB;
const APPLICATION_SCRIPT_BYTES = 138 * KB;
const publicPages = [
  '/',
  '/listings',
  '/how-it-works',
  '/docs/gateway',
  '/terms',
  '/privacy',
  '/signin',
  '/signup',
  '/reset',
  '/no-such-page',
];

const WARM_UP = 8_000;
const REQUESTS = 10_000;
/** It grows by about 1.3 MB, mostly compiled code. The budget finds a leak of 0.3 kB a request. */
const MOST_GROWTH_BYTES = 3 * KB * KB;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe('The JavaScript that a page ships, compressed,', () => {
  it.each(publicPages)('is within the budget of the public site: %s', async (path) => {
    const html = await (await fetch(stack.baseUrl + path)).text();
    expect(html).toContain('<main');
    const inline = [...html.matchAll(/<script\b[^>]*>([^<]+)</g)].reduce((sum, [, code = '']) => sum + gzipSync(code).byteLength, 0);
    const files = new Set([...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, file = '']) => file));
    expect(inline + sumBytes(files)).toBeLessThan(PUBLIC_SCRIPT_BYTES);
  });

  it('is within the budget of the application on every route', async () => {
    const { assets } = (await import(/* @vite-ignore */ pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild;
    const sizes = Object.values(assets.routes).map((route) => {
      const files = new Set([assets.url, assets.entry.module, ...assets.entry.imports]);
      for (let at: typeof route | undefined = route; at; at = at.parentId === undefined ? undefined : assets.routes[at.parentId]) {
        for (const file of [at.module, ...(at.imports ?? [])]) files.add(file);
      }
      return { route: route.id, bytes: sumBytes(files) };
    });
    expect(sizes.length).toBeGreaterThan(30);
    expect(Math.min(...sizes.map(({ bytes }) => bytes))).toBeGreaterThan(30 * KB);
    expect(sizes.filter(({ bytes }) => bytes > APPLICATION_SCRIPT_BYTES)).toEqual([]);
  });
});

function sumBytes(files: Iterable<string>): number {
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join('build/client', file))).byteLength, 0);
}

describe('The memory of a web process', () => {
  let web: RunningProcess;
  let origin: string;
  let inspector: Inspector;
  beforeAll(async () => {
    const [port, inspectorPort] = [await freePort(), await freePort()];
    origin = `http://127.0.0.1:${port}`;
    const env = {
      ...stack.env,
      PATH: process.env.PATH,
      ROLE: 'web',
      PORT: String(port),
      NODE_OPTIONS: `--inspect=127.0.0.1:${inspectorPort}`,
    };
    web = startProcess({ name: 'server', env, logs: join(stack.folder, 'budget-logs') });
    await untilHealthy(web, `${origin}/readyz`);
    inspector = await Inspector.of(inspectorPort);
  });
  afterAll(async () => {
    inspector.close();
    await web.stop();
  });

  it(`stays flat over ${REQUESTS} page requests, some cached and some rendered`, async () => {
    await ask(0, WARM_UP);
    const before = await heapWithoutPages();
    await ask(WARM_UP, REQUESTS);
    const after = await heapWithoutPages();
    expect(before).toBeGreaterThan(10 * KB * KB);
    expect(after - before).toBeLessThan(MOST_GROWTH_BYTES);
  });

  /** Memory in use after cached visitor pages have expired, which the next page removes. */
  async function heapWithoutPages(): Promise<number> {
    await setTimeout(2_500);
    await ask(0, 6);
    return inspector.heapBytes();
  }

  async function ask(from: number, count: number): Promise<void> {
    const browser = new Pool(origin, { connections: 8 });
    let next = from;
    const visitor = async () => {
      while (next < from + count) {
        const path = pickPath(next++);
        const { statusCode, body } = await browser.request({ method: 'GET', path });
        await body.dump();
        if (statusCode !== 200) throw new Error(`${path} was answered ${statusCode}.`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, visitor));
    await browser.close();
  }
});

function pickPath(turn: number): string {
  const paths = ['/', '/listings', '/api/v1/listings', '/how-it-works', `/listings?amount=${turn}`, `/api/v1/listings?amount=${turn}`];
  return paths[turn % paths.length] ?? '/';
}
