import { describe, expect, it } from 'vitest';
import { ConcurrencyLimiter, type ConcurrencyLimits } from './concurrency-limiter';

const limits: ConcurrencyLimits = { atOnce: 3, atOncePerKey: 2, waiting: 3, waitingPerKey: 2, longestWaitMs: 10_000 };
const settled = async (promise: Promise<unknown>) => {
  let state = 'waiting';
  promise.then(
    (end) => (state = end === null ? 'refused' : 'begun'),
    () => (state = 'called off'),
  );
  await new Promise((done) => setImmediate(done));
  return state;
};

describe('turns', () => {
  it('bound what is under way in all and for one key; others pass a key that has its share', async () => {
    const turns = new ConcurrencyLimiter(limits);
    const first = await turns.take('a');
    await turns.take('a');
    const third = turns.take('a');
    expect(await settled(third)).toBe('waiting');
    expect(await settled(turns.take('b'))).toBe('begun');
    const other = turns.take('b');
    expect(await settled(other)).toBe('waiting');
    first?.();
    first?.();
    expect([await settled(third), await settled(other)]).toEqual(['begun', 'waiting']);
  });

  it('refuse at once when too many wait, in all or for one key', async () => {
    const turns = new ConcurrencyLimiter(limits);
    for (let n = 0; n < 4; n += 1) void turns.take('a');
    expect(await settled(turns.take('a'))).toBe('refused');
    await turns.take('b');
    expect(await settled(turns.take('b'))).toBe('waiting');
    expect(await settled(turns.take('c'))).toBe('refused');
  });

  it('end a wait that takes too long, and one that is called off; neither leaves anything behind', async () => {
    const turns = new ConcurrencyLimiter({ ...limits, longestWaitMs: 5 });
    const ends = [await turns.take('a'), await turns.take('a')];
    expect(await turns.take('a')).toBeNull();
    const gone = new AbortController();
    const calledOff = turns.take('a', { signal: gone.signal });
    gone.abort(new Error('gone'));
    await expect(calledOff).rejects.toThrow('gone');
    ends.forEach((end) => end?.());
    expect(await settled(turns.take('a', { units: 2 }))).toBe('begun');
    await expect(turns.take('a', { signal: gone.signal })).rejects.toThrow('gone');
  });

  it('let something larger than a share have the whole share', async () => {
    const turns = new ConcurrencyLimiter(limits);
    expect(await settled(turns.take('a', { units: 100 }))).toBe('begun');
    expect(await settled(turns.take('a'))).toBe('waiting');
  });
});
