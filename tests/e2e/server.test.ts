import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testBrowser } from '~tests/setup/browser';
import { startStack, type Stack } from '~tests/setup/stack';
import { account, signUp } from './journeys';

let stack: Stack;
const browser = testBrowser();

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const post = (path: string, headers: Record<string, string>, body = 'a=1') =>
  fetch(stack.baseUrl + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body,
    redirect: 'manual',
  });

describe('the web server', () => {
  it('reports that it lives and that it is ready', async () => {
    expect((await fetch(`${stack.baseUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${stack.baseUrl}/readyz`)).status).toBe(200);
  });

  it('lets no cache store a signed-in person’s page or its data', async () => {
    for (const path of ['/listings', '/listings.data', '/signin.data?_routes=routes%2Fsignin%2Froute']) {
      const headers = { Cookie: 'theme=x' };
      expect((await fetch(stack.baseUrl + path, { headers })).headers.get('cache-control')).toBe('no-store');
    }
  });

  it('sends visitors pages without scripts, under a policy that allows none', async () => {
    const answer = await fetch(`${stack.baseUrl}/no-such-page`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toMatch(/<script\b|modulepreload/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe|default-src[^;]*\*/);
    expect(policy).toContain(`form-action 'self' ${stack.stripeUrl}`);
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });

  it('runs its scripts for signed-in people under the policy’s nonce, without a console message', async () => {
    const page = await browser.open();
    await signUp(stack, page, account('Scripts Run'));
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    const answer = await page.goto(`${stack.baseUrl}/no-such-page`, { waitUntil: 'networkidle' });
    const nonce = /'nonce-([^']+)'/.exec(answer?.headers()['content-security-policy'] ?? '')?.[1] ?? '';
    const scripts = [...((await answer?.text()) ?? '').matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.every((tag) => tag.includes(`nonce="${nonce}"`))).toBe(true);
    expect(await page.evaluate(() => '__remixContext' in window)).toBe(true);
    expect(said.filter((line) => !line.includes('404'))).toEqual([]);
  });

  it('refuses a form that another site sends with our cookie', async () => {
    expect((await post('/signin', { Origin: 'https://evil.example', Cookie: 'a=1' })).status).toBe(403);
    expect((await post('/signin', { Cookie: 'a=1' })).status).toBe(403);
    expect((await post('/signin', { Origin: stack.baseUrl, Cookie: 'a=1' })).status).not.toBe(403);
  });

  it('refuses a body over its cap before reading it', async () => {
    expect((await post('/signin', { Origin: stack.baseUrl }, 'x'.repeat(70_000))).status).toBe(413);
    expect(await sendRaw(`POST /signin HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`)).toBe(411);
  });

  it('stops on SIGTERM and starts again on the same port', async () => {
    await stack.halt('server');
    await expect(fetch(`${stack.webUrl}/healthz`)).rejects.toThrow();
    await stack.start('server');
    expect((await fetch(`${stack.webUrl}/readyz`)).status).toBe(200);
  });
});

/** Sends a raw request that fetch cannot send, and returns its status. */
function sendRaw(request: string): Promise<number> {
  return new Promise((done, fail) => {
    const socket = connect(Number(new URL(stack.webUrl).port), '127.0.0.1', () => socket.write(request));
    socket.setEncoding('latin1');
    socket.once('data', (text: string) => {
      done(Number(text.split(' ')[1]));
      socket.destroy();
    });
    socket.on('error', fail);
  });
}
