import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, expect, it } from 'vitest';
import { VisitorLimiter } from './visitor-limiter';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

it('few pages of one address are made at once, beyond what may wait they are 429, and people with a session have turns of their own', async () => {
  const made: (() => void)[] = [];
  const listening = express()
    .use(new VisitorLimiter().forPages, (_req, res) => void made.push(() => res.send('a page')))
    .listen(0, '127.0.0.1');
  server = listening;
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const ask = (headers: Record<string, string> = {}) =>
    new Promise<{ status: number; retryAfter: string | undefined }>((done) => {
      request({ port, host: '127.0.0.1', agent: false, headers }, (answer) => {
        answer.resume();
        done({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] });
      })
        .on('error', () => done({ status: 0, retryAfter: undefined }))
        .end();
    });
  const refused: unknown[] = [];
  for (let n = 0; n < 70; n += 1) void ask().then((answer) => refused.push(answer));
  await expect.poll(() => refused.length, { timeout: 10_000 }).toBe(70 - 2 - 64);
  expect(new Set(refused.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"status":429,"retryAfter":"2"}']));
  expect(made).toHaveLength(2);
  const person = ask({ cookie: 'theme=dark; __Host-sign_in=x' });
  await expect.poll(() => made.length, { timeout: 10_000 }).toBe(3);
  made.splice(0).forEach((send) => send());
  expect((await person).status).toBe(200);
  await expect.poll(() => made.length, { timeout: 10_000 }).toBe(2);
});
