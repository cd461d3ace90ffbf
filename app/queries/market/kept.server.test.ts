import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createWatch } from '~/platform/watch';
import { keep } from './kept.server';

const SLOW_READ_MS = 300;
const READ_AGAIN_AFTER_MS = SLOW_READ_MS * 50;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A process that hears of changes, and something whose reading takes its time and tells how often it was read. */
function slowly({ isTotal = true } = {}) {
  const watch = createWatch();
  watch.ring();
  const ctx = { ports: { marketWatch: watch }, inAtomic: false };
  let reads = 0;
  const read = () => new Promise<number>((done) => setTimeout(done, SLOW_READ_MS, (reads += 1)));
  return { watch, ask: () => keep(ctx, 'total', read, isTotal) };
}

/** What is answered within so many milliseconds. */
async function within(ms: number, answer: Promise<number>): Promise<number | 'waiting'> {
  const first = Promise.race([answer, new Promise<'waiting'>((done) => setTimeout(done, ms, 'waiting'))]);
  await vi.advanceTimersByTimeAsync(ms);
  return first;
}

it('nobody waits for a total that is a little too old: it is shown while it is read again', async () => {
  const { ask } = slowly();
  expect(await within(SLOW_READ_MS, ask())).toBe(1);
  await vi.advanceTimersByTimeAsync(READ_AGAIN_AFTER_MS);
  expect([await within(1, ask()), await within(1, ask())]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(SLOW_READ_MS);
  expect(await within(1, ask())).toBe(2);
});

it('one that is far too old is waited for', async () => {
  const { ask } = slowly();
  await within(SLOW_READ_MS, ask());
  await vi.advanceTimersByTimeAsync(2 * READ_AGAIN_AFTER_MS);
  expect(await within(SLOW_READ_MS - 1, ask())).toBe('waiting');
  expect(await within(1, ask())).toBe(2);
});

it('a rule is never shown older than the change that was heard of', async () => {
  const { ask, watch } = slowly({ isTotal: false });
  await within(SLOW_READ_MS, ask());
  watch.ring();
  expect(await within(SLOW_READ_MS - 1, ask())).toBe('waiting');
  expect(await within(1, ask())).toBe(2);
});
