import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { CreateLimits } from './create-limits';
import { readCancelAfter, readAccessKey, readWaitMs } from './headers';
import { createRunHooks } from './run-hooks';

const asking = (headers: Record<string, string>) => ({ headers }) as Partial<IncomingMessage> as IncomingMessage;

describe('the rate limit of a key', () => {
  it('lets a burst of 600 pass, then delays creates by up to two seconds, then refuses', () => {
    const limits = new CreateLimits(600);
    const taken = Array.from({ length: 700 }, () => limits.take('key', 1_000));
    expect(taken.slice(0, 600).every((turn) => 'waitMs' in turn && turn.waitMs === 0)).toBe(true);
    expect(taken.slice(600, 620).every((turn) => 'waitMs' in turn && turn.waitMs > 0 && turn.waitMs <= 2_000)).toBe(true);
    expect(taken[650]).toEqual({ retrySeconds: 3 });
    expect(limits.take('another', 1_000)).toEqual({ waitMs: 0 });
    expect(limits.take('key', 62_001)).toEqual({ waitMs: 0 });
  });
});

describe('headers', () => {
  it('give the key after Bearer or Token', () => {
    expect(readAccessKey(asking({ authorization: 'Bearer cmk_1' }))).toBe('cmk_1');
    expect(readAccessKey(asking({ authorization: 'token cmk_1' }))).toBe('cmk_1');
    for (const authorization of ['', 'cmk_1', 'Basic cmk_1', 'Bearer a b']) expect(readAccessKey(asking({ authorization }))).toBeNull();
  });

  it('give the wait, at most 55 seconds', () => {
    expect(readWaitMs(asking({ prefer: 'wait' }))).toBe(55_000);
    expect(readWaitMs(asking({ prefer: 'wait=5, respond-async' }))).toBe(5_000);
    expect(readWaitMs(asking({ prefer: 'wait=600' }))).toBe(55_000);
    expect(readWaitMs(asking({ prefer: 'respond-async' }))).toBe(0);
    expect(readWaitMs(asking({}))).toBe(0);
  });

  it('give Cancel-After in seconds, up to a day', () => {
    expect(readCancelAfter(asking({ 'cancel-after': '1m30s' }))).toBe(90);
    expect(readCancelAfter(asking({ 'cancel-after': '45' }))).toBe(45);
    expect(readCancelAfter(asking({ 'cancel-after': '2h' }))).toBe(7_200);
    for (const text of ['', '1s', '25h', 'soon', '-5s', '1e9']) expect(() => readCancelAfter(asking({ 'cancel-after': text }))).toThrow();
  });
});

describe('addresses for webhooks', () => {
  const made = (publicUrl: string, replicateApiUrl: string) => createRunHooks({ publicUrl, replicateApiUrl, secret: 's' });

  it('are sent only where Replicate can reach us', () => {
    expect(made('https://market.example', 'https://api.replicate.com').hookUrl('run_1')).toMatch(
      /^https:\/\/market\.example\/gateway\/hooks\/run_1\/[\w-]{43}$/,
    );
    expect(made('http://127.0.0.1:3000', 'http://127.0.0.1:3002').hookUrl('run_1')).not.toBeNull();
    expect(made('http://127.0.0.1:3000', 'https://api.replicate.com').hookUrl('run_1')).toBeNull();
    expect(made('http://market.example', 'https://api.replicate.com').hookUrl('run_1')).toBeNull();
  });

  it('are valid for their own run only', () => {
    const hooks = made('https://market.example', 'https://api.replicate.com');
    const mac = hooks.hookUrl('run_1')?.split('/').pop() ?? '';
    expect(hooks.holds('run_1', mac)).toBe(true);
    expect(hooks.holds('run_2', mac)).toBe(false);
    expect(hooks.holds('run_1', '')).toBe(false);
  });
});
