import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readJson } from './http';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aRequest(headers: Record<string, string>): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { headers: { 'content-type': 'application/json', ...headers } });
}

it('refuses a slow body with 408 after ten seconds, plus one per 100 kB', async () => {
  const small = readJson(aRequest({ 'content-length': '2' }), { cap: 1_000 });
  const large = readJson(aRequest({ 'content-length': String(1_024_000) }), { cap: 2_000_000 });
  const outcomes: string[] = [];
  small.catch(() => outcomes.push('small'));
  large.catch(() => outcomes.push('large'));
  await vi.advanceTimersByTimeAsync(10_500);
  expect(outcomes).toEqual(['small']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(outcomes).toEqual(['small', 'large']);
  await expect(small).rejects.toMatchObject({ status: 408 });
});

it('stops reading the body when the create is called off', async () => {
  const gone = new AbortController();
  const reading = readJson(aRequest({}), { cap: 1_000, signal: gone.signal });
  gone.abort(new Error('gone'));
  await expect(reading).rejects.toThrow('gone');
});
