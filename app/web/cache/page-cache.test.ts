import { beforeEach, describe, expect, it } from 'vitest';
import { PageCache } from './page-cache';

let now = 0;
let cache: PageCache<string>;
beforeEach(() => {
  now = 1;
  cache = new PageCache<string>({ maxAgeMs: 2_000, maxBytes: 100, maxPages: 3 }, () => now);
});

let kept = 0;
const keep = (key: string, bytes = 10) => cache.begin(key)(`${key} ${(kept += 1)}`, bytes);
const there = (...keys: string[]) => keys.filter((key) => cache.find(key) !== null);

describe('a page cache', () => {
  it('counts the age of a page from the start of its rendering', () => {
    const done = cache.begin('/');
    now = 1_501;
    done('page', 10);
    now = 2_001;
    expect(cache.find('/')).toBe('page');
    now = 2_002;
    expect(cache.find('/')).toBeNull();
  });

  it('shares one rendering among concurrent requests', async () => {
    expect(cache.rendering('/')).toBeUndefined();
    const done = cache.begin('/');
    const [one, other] = [cache.rendering('/'), cache.rendering('/')];
    done('page');
    expect([await one, await other, cache.rendering('/')]).toEqual(['page', 'page', undefined]);
  });

  it('caches no rendering that began before a change, and later requests do not wait for it', async () => {
    keep('/terms');
    const done = cache.begin('/');
    const waiting = cache.rendering('/');
    cache.clear();
    expect(cache.rendering('/')).toBeUndefined();
    const doneAfter = cache.begin('/');
    done('old');
    expect(await waiting).toBe('old');
    expect(there('/', '/terms')).toEqual([]);
    doneAfter('new');
    expect(cache.find('/')).toBe('new');
  });

  it('caches nothing when a page may not be cached', async () => {
    const done = cache.begin('/');
    const waiting = cache.rendering('/');
    done(null);
    expect(await waiting).toBeNull();
    expect(there('/')).toEqual([]);
  });

  it('stays within its bytes and its number of pages: the least recently used go', () => {
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
