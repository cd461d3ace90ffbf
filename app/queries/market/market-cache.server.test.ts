import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createWatch } from '~/platform/watch';
import { cached } from './market-cache.server';

const SLOW_READ_MS = 300;
const READ_AGAIN_AFTER_MS = SLOW_READ_MS * 50;

// lru-cache never expires an entry that was set at 0 ms.
beforeEach(() => void vi.useFakeTimers().advanceTimersByTime(1));
afterEach(() => void vi.useRealTimers());

/** A process that hears market notices, and a slow read that counts how often it ran. */
function slowly({ isTotal = true } = {}) {
  const watch = createWatch();
  watch.ring();
  const ctx = { ports: { marketWatch: watch }, inAtomic: false };
  let reads = 0;
  const read = () => new Promise<number>((done) => setTimeout(done, SLOW_READ_MS, (reads += 1)));
  return { watch, ask: () => cached(ctx, 'total', read, isTotal) };
}

/** The answer, or  if it takes longer than so many milliseconds. */
async function within(ms: number, answer: Promise<number>): Promise<number | 'waiting'> {
  const first = Promise.race([answer, new Promise<'waiting'>((done) => setTimeout(done, ms, 'waiting'))]);
  await vi.advanceTimersByTimeAsync(ms);
  return first;
}

it('shows a slow total that is a little too old while it is read again', async () => {
  const { ask } = slowly();
  expect(await within(SLOW_READ_MS, ask())).toBe(1);
  await vi.advanceTimersByTimeAsync(READ_AGAIN_AFTER_MS);
  expect([await within(1, ask()), await within(1, ask())]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(SLOW_READ_MS);
  expect(await within(1, ask())).toBe(2);
});

it('waits for a total that is far too old', async () => {
  const { ask } = slowly();
  await within(SLOW_READ_MS, ask());
  await vi.advanceTimersByTimeAsync(2 * READ_AGAIN_AFTER_MS);
  expect(await within(SLOW_READ_MS - 1, ask())).toBe('waiting');
  expect(await within(1, ask())).toBe(2);
});

it('reads a rule again after a market notice', async () => {
  const { ask, watch } = slowly({ isTotal: false });
  await within(SLOW_READ_MS, ask());
  watch.ring();
  expect(await within(SLOW_READ_MS - 1, ask())).toBe('waiting');
  expect(await within(1, ask())).toBe(2);
});
