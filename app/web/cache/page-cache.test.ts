import { beforeEach, describe, expect, it } from 'vitest';
import { PageCache } from './page-cache';

let now = 0;
let cache: PageCache<string>;
beforeEach(() => {
  now = 0;
  cache = new PageCache<string>({ maxAgeMs: 2_000, maxBytes: 100, maxPages: 3 }, () => now);
});

const keep = (key: string, bytes = 10) => cache.begin(key)(key, bytes);
const there = (...keys: string[]) => keys.filter((key) => cache.find(key) !== null);

describe('a page cache', () => {
  it('counts the age of a page from when its making began', () => {
    const done = cache.begin('/');
    now = 1_500;
    done('page', 10);
    now = 1_999;
    expect(cache.find('/')).toBe('page');
    now = 2_000;
    expect(cache.find('/')).toBeNull();
  });

  it('lets those who ask meanwhile wait for one making', async () => {
    expect(cache.underWay('/')).toBeUndefined();
    const done = cache.begin('/');
    const [one, other] = [cache.underWay('/'), cache.underWay('/')];
    done('page');
    expect([await one, await other, cache.underWay('/')]).toEqual(['page', 'page', undefined]);
  });

  it('keeps nothing that began before a change, and whoever asks after it waits for nothing old', async () => {
    keep('/terms');
    const done = cache.begin('/');
    const waiting = cache.underWay('/');
    cache.drop();
    expect(cache.underWay('/')).toBeUndefined();
    const doneAfter = cache.begin('/');
    done('old');
    expect(await waiting).toBe('old');
    expect(there('/', '/terms')).toEqual([]);
    doneAfter('new');
    expect(cache.find('/')).toBe('new');
  });

  it('keeps nothing of what cannot be kept', async () => {
    const done = cache.begin('/');
    const waiting = cache.underWay('/');
    done(null);
    expect(await waiting).toBeNull();
    expect(there('/')).toEqual([]);
  });

  it('stays within its bytes and its number of pages: the oldest go', () => {
    ['a', 'b', 'c', 'd'].forEach((key) => keep(key));
    expect(there('a', 'b', 'c', 'd')).toEqual(['b', 'c', 'd']);
    keep('large', 85);
    expect(there('b', 'c', 'd', 'large')).toEqual(['d', 'large']);
    keep('larger than all', 101);
    expect(there('d', 'large', 'larger than all')).toEqual(['d', 'large']);
    keep('large', 20);
    keep('more', 70);
    expect(there('d', 'large', 'more')).toEqual(['d', 'large', 'more']);
  });
});
