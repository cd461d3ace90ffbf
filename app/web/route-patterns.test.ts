import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pagePatterns, createPatternFinder } from './route-patterns';

const pages = pagePatterns({
  root: { path: '' },
  home: { parentId: 'root' },
  listings: { parentId: 'root', path: 'listings' },
  listing: { parentId: 'root', path: 'listings/:listingId' },
  guide: { parentId: 'root', path: 'guides/:slug' },
  guideText: { parentId: 'root', path: 'guides/:slug.md' },
  mail: { parentId: 'root', path: 'dev/mail/:mailId?' },
  notFound: { parentId: 'root', path: '*' },
});
const findPattern = createPatternFinder(pages);

describe('the route of a request', () => {
  it.each([
    ['/', '/'],
    ['/?ref=x', '/'],
    ['/_root.data', '/'],
    ['/listings/', '/listings'],
    ['/listings.data?discount=30', '/listings'],
    ['/listings/lst_1', '/listings/:listingId'],
    ['/listings/lst_1.data', '/listings/:listingId'],
    ['/guides/free', '/guides/:slug'],
    ['/guides/free.md', '/guides/:slug.md'],
    ['/dev/mail', '/dev/mail'],
    ['/dev/mail/mal_1', '/dev/mail/:mailId'],
    ['/gateway/replicate/v1/models/a/b/predictions', '/gateway/replicate/v1/models/:owner/:name/predictions'],
    ['/gateway/hooks/run_1/c2VjcmV0', '/gateway/hooks/:run/:mac'],
    ['/gateway/else', '/gateway/*'],
    ['/wp-login.php', '(other)'],
    ['/listings/a/b', '(other)'],
  ])('%s is %s', (url, pattern) => expect(findPattern(url)).toBe(pattern));

  it('is one of those that exist, whatever is asked for', () => {
    const known = new Set<string>();
    for (const url of ['/', '/listings', '/listings/x', '/dev/mail', '/dev/mail/x', '/gateway/x', '/assets/x', '/x/y'])
      known.add(findPattern(url));
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        expect(findPattern(path || '/')).toMatch(/^(\(other\)|\/[\w/:*.-]*)$/);
        expect(known.has(findPattern(`/assets${path}`)) || path === '').toBe(true);
      }),
    );
  });
});
