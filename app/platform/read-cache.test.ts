import { expect, it } from 'vitest';
import { ReadCache } from './read-cache';

let reads = 0;
const read = () => Promise.resolve((reads += 1));

it('shares one read among concurrent callers and for as long as its answer is fresh', async () => {
  let now = 1;
  reads = 0;
  const cache = new ReadCache<number>({ ttlMs: 100, clock: () => now });
  expect(await Promise.all([cache.get('a', read), cache.get('a', read)])).toEqual([1, 1]);
  now = 101;
  expect(await cache.get('a', read)).toBe(1);
  now = 102;
  expect(await cache.get('a', read)).toBe(2);
});

it('caches neither null nor an error', async () => {
  reads = 0;
  const cache = new ReadCache<number>({ ttlMs: 60_000 });
  expect(await cache.get('a', () => Promise.resolve(null))).toBeNull();
  await expect(cache.get('a', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(await cache.get('a', read)).toBe(1);
});

it('drops the least recently used entry when it is full', async () => {
  reads = 0;
  const cache = new ReadCache<number>({ ttlMs: 60_000, max: 2 });
  for (const key of ['a', 'b', 'a', 'c']) await cache.get(key, read);
  expect([await cache.get('a', read), await cache.get('b', read)]).toEqual([1, 4]);
});
