import { text as textOf } from 'node:stream/consumers';
import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, expect, it } from 'vitest';
import { busyPage } from './busy-page';
import { VisitorLimiter } from './visitor-limiter';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

it('few pages of one address are made at once, beyond what may wait they are 429, and people with a session have turns of their own', async () => {
  const made: (() => void)[] = [];
  const listening = express()
    .use(new VisitorLimiter().forPages(busyPage('/assets/site.css', 2)), (_req, res) => void made.push(() => res.send('a page')))
    .listen(0, '127.0.0.1');
  server = listening;
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const ask = (headers: Record<string, string> = {}, path = '/') =>
    new Promise<{ status: number; retryAfter: string | undefined; text: string }>((done) => {
      request({ port, host: '127.0.0.1', agent: false, headers, path }, (answer) => {
        const { statusCode: status = 0, headers: answered } = answer;
        void textOf(answer).then((text) => done({ status, retryAfter: answered['retry-after'], text }));
      })
        .on('error', () => done({ status: 0, retryAfter: undefined, text: '' }))
        .end();
    });
  const refused: { status: number; retryAfter: string | undefined }[] = [];
  for (let n = 0; n < 70; n += 1) void ask().then(({ text: _text, ...answer }) => refused.push(answer));
  await expect.poll(() => refused.length, { timeout: 10_000 }).toBe(70 - 2 - 64);
  expect(new Set(refused.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"status":429,"retryAfter":"2"}']));
  expect(made).toHaveLength(2);
  // People get a page that leads on, in the look they chose; what scripts and programs load is refused with a sentence.
  const page = (await ask({ accept: 'text/html', cookie: 'theme=ImRhcmsi' }, '/listings?q=%22%3E<b>')).text;
  expect(page).toContain('<html lang="en" data-theme="dark">');
  expect(page).toContain('href="/listings?q=%22%3E&lt;b&gt;">Try again</a>');
  for (const text of [await ask({}, '/listings.data'), await ask({ accept: 'application/json' })].map((answer) => answer.text))
    expect(text).toMatch(/^Too many people/);
  const person = ask({ cookie: 'theme=dark; __Host-sign_in=x' });
  await expect.poll(() => made.length, { timeout: 10_000 }).toBe(3);
  made.splice(0).forEach((send) => send());
  expect((await person).status).toBe(200);
  await expect.poll(() => made.length, { timeout: 10_000 }).toBe(2);
});
