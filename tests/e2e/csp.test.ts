import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPriceBook } from '~/modules/pricing/index.server';
import { baseHeaders, securityHeaders } from '~/web/middleware/security-headers';
import express from 'express';
import { testBrowser } from '~tests/setup/browser';
import { testMarket } from '~tests/setup/market';
import { cookiesOfAll, gather, type Cast } from './isolation/cast';
import { pageRows } from './isolation/page-rows';
import { roles, type Role } from './isolation/roles';
import { serveMarket, type ServedMarket } from './isolation/serve';

/** The security headers of every answer, and that no page of ours breaks its policy. */
const market = testMarket();
const browser = testBrowser();
let served: ServedMarket;
let cast: Cast;
let cookies: Record<Role, string>;

beforeAll(async () => {
  served = await serveMarket(market);
  await importPriceBook(market.system());
  cast = await gather(market);
  cookies = await cookiesOfAll(cast);
});
afterAll(() => served.close());

interface Answer {
  what: string;
  path: string;
  init?: RequestInit;
  status: number;
}

const form = {
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'http://market.test' },
  body: 'a=1',
};
const pageAnswers: Answer[] = [
  { what: 'a page', path: '/listings', status: 200 },
  { what: 'a page from memory', path: '/listings', status: 200 },
  { what: 'a page of data', path: '/listings.data', status: 200 },
  { what: 'no page', path: '/no/such/page', status: 404 },
  { what: 'a redirect', path: '/wallet', status: 302 },
  { what: 'a form that is wrong', path: '/signin', init: form, status: 422 },
  {
    what: 'a form that cannot be read',
    path: '/signin',
    init: { ...form, headers: { ...form.headers, 'Content-Type': 'text/plain' } },
    status: 400,
  },
  {
    what: 'a form of another site',
    path: '/signin',
    init: { ...form, headers: { ...form.headers, Origin: 'https://evil.example' } },
    status: 403,
  },
  { what: 'a form for a page that has none', path: '/listings', init: form, status: 405 },
  { what: 'a form that is too large', path: '/signin', init: { ...form, body: 'x'.repeat(70_000) }, status: 413 },
  { what: 'a method that pages do not have', path: '/listings', init: { method: 'DELETE' }, status: 405 },
  { what: 'an address that cannot be read', path: '/%zz', status: 400 },
  { what: 'a file', path: '/favicon.svg', status: 200 },
  { what: 'no file', path: '/assets/no-such-file.js', status: 404 },
];
const programAnswers: Answer[] = [
  { what: 'the list of lots', path: '/api/v1/listings', status: 200 },
  { what: 'a list that cannot be read', path: '/api/v1/listings?discount=x', status: 422 },
  { what: 'the gateway', path: '/gateway/replicate/v1/account', status: 401 },
  { what: 'no gateway', path: '/gateway/x', status: 404 },
  { what: 'an event without a signature', path: '/webhooks/stripe', init: { method: 'POST', body: '{}' }, status: 400 },
  { what: 'health', path: '/healthz', status: 200 },
];

async function fetchHeaders({ path, init, status, what }: Answer): Promise<Headers> {
  const answer = await fetch(served.url + path, { ...init, redirect: 'manual' });
  await answer.arrayBuffer();
  expect(answer.status, what).toBe(status);
  return answer.headers;
}

describe('headers', () => {
  it.each(pageAnswers)('are strict on $what', async (answer) => {
    const headers = await fetchHeaders(answer);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'self'/);
    expect(policy).toMatch(/script-src 'strict-dynamic' 'nonce-[\w+/=]{24}'/);
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
    for (const rule of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src-attr 'none'", "form-action 'self'"])
      expect(policy).toContain(rule);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': expect.stringMatching(/SAMEORIGIN|DENY/) as string,
    });
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expectPlain(headers);
  });

  it.each(programAnswers)('are strict on $what', async (answer) => {
    const headers = await fetchHeaders(answer);
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expectPlain(headers);
  });

  it('have a new nonce for each page, cached or not', async () => {
    const policies = await Promise.all(
      Array.from({ length: 8 }, async () => (await fetch(`${served.url}/listings`)).headers.get('content-security-policy')),
    );
    expect(new Set(policies).size).toBe(8);
  });

  it('demand https for a year if the market has it, and only then', async () => {
    const headers = await headersWith('https://market.example');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('content-security-policy')).toContain('upgrade-insecure-requests');
    expect((await headersWith('http://127.0.0.1:3000')).get('strict-transport-security')).toBeNull();
  });
});

/** The headers reveal no server details and allow no other site. */
function expectPlain(headers: Headers): void {
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('server')).toBeNull();
  expect(headers.get('access-control-allow-origin')).toBeNull();
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{12}$/);
}

async function headersWith(publicUrl: string): Promise<Headers> {
  const env = { ...market.services.env, publicUrl };
  const app = express().use(baseHeaders(env), ...securityHeaders(env), (_req, res) => void res.send('ok'));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  const { headers } = await fetch(`http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/`);
  server.close();
  return headers;
}

const hasScripts = (role: Role) => role !== 'anonymous' && role !== 'suspended';

describe('in Chromium, light and dark', () => {
  // A CSV file is downloaded and not displayed.
  const shown = Object.entries(pageRows).filter(([id]) => !id.endsWith('.csv/route'));
  const looks = shown.flatMap(([id, rows]) =>
    rows.flatMap((row) => {
      // A visitor's page has no scripts, so a signed-in person opens the public pages, too.
      const mayLook = roles.filter((each) => row.gets[each] === 'page');
      const lookers = [mayLook.find((each) => !hasScripts(each)), mayLook.find(hasScripts)];
      return lookers.flatMap((role) => (role ? [[`${id}: ${row.what}`, row, role] as const] : []));
    }),
  );

  it.each(roles.filter((role) => looks.some(([, , by]) => by === role)))('no page that a %s sees breaks its policy', async (role) => {
    const page = await browser.open();
    if (cookies[role]) await page.context().addCookies([cookieFor(cookies[role])]);
    const said = listen(page);
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
    });
    for (const [name, row] of looks.filter(([, , by]) => by === role)) {
      // Files, feeds and pictures are not pages of ours: Chromium downloads them, or shows them by a viewer that breaks any policy.
      const { 'content-type': type = '' } = (await page.request.get(served.url + row.at(cast))).headers();
      if (!type.startsWith('text/html')) continue;
      await page.emulateMedia({ colorScheme: 'light' });
      const answer = await page.goto(served.url + row.at(cast), { waitUntil: 'load' });
      expect(answer?.status(), name).toBe(200);
      await page.waitForFunction(
        (scripts) => '__remixRouteModules' in window === scripts && document.fonts.status === 'loaded',
        hasScripts(role),
      );
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(null))));
      expect(said.splice(0), name).toEqual([]);
    }
    await page.context().close();
  });

  it('this test detects a broken policy', async () => {
    const page = await browser.open();
    const said = listen(page);
    await page.goto(served.url);
    await page.evaluate(() => {
      const script = document.createElement('div');
      script.innerHTML = '<img src="x" onerror="document.title = 1"><p style="color: red">';
      document.body.append(script);
    });
    await expect.poll(() => said.filter((line) => line.includes('Content Security Policy')).length).toBeGreaterThan(0);
    await page.context().close();
  });
});

function cookieFor(cookie: string) {
  const [name = '', value = ''] = cookie.split('=', 2);
  return { name, value, url: served.url };
}

/** Collects a page's console warnings, console errors and exceptions. */
function listen(page: Page): string[] {
  const said: string[] = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  return said;
}
