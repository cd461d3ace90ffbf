import { expect, it } from 'vitest';
import { pageCacheKey } from './page-cache-key';

const key = (url: string, cookie?: string, method = 'GET') => pageCacheKey({ method, url, cookie });
const lot = `/listings/lst_${'0a'.repeat(16)}`;

it.each([
  ['/', '/'],
  ['/?utm_source=mail', '/'],
  ['/listings', '/listings'],
  ['/listings?sort=latest&discount=40', '/listings?discount=40&sort=latest'],
  ['/listings?discount=40&discount=50&x=1&sort=latest', '/listings?discount=40&sort=latest'],
  ['/api/v1/listings?q=&discount=40', '/api/v1/listings?discount=40'],
  ['/listings?q=a%20b', '/listings?q=a+b'],
  ['/api/v1/listings?after=abc', '/api/v1/listings?after=abc'],
  [`${lot}?amount=20&ref=7`, `${lot}?amount=20`],
  ['/guides?x=1', '/guides'],
  ['/guides/replicate-free-credits?utm=1&count=5', '/guides/replicate-free-credits?count=5'],
])('%s is kept as %s', (url, expected) => {
  expect(key(url)).toBe(expected);
  expect(key(url, undefined, 'HEAD')).toBe(expected);
  expect(key(url, '__cf_bm=abc; my_theme=dark; _ga=1')).toBe(expected);
});

it.each([
  '/signin',
  '/listings?q=&discount=&amount=&level=',
  '/wallet',
  '/verify?token=a',
  '/listings.data',
  '/listings/',
  '/listings/lst_1',
  '/no-such-page',
  '/guides/rss.xml',
  `/?${'x'.repeat(1_000)}`,
])('%s is not kept', (url) => {
  expect(key(url)).toBeNull();
});

it.each(['sign_in=abc', 'a=1; sign_in=abc', '__Host-sign_in=abc', 'theme=ImRhcmsi', 'a=1;browser=x'])(
  'nor is what is asked for with %s',
  (cookie) => {
    expect(key('/', cookie)).toBeNull();
  },
);

it('nor what may change something', () => {
  expect(key('/', undefined, 'POST')).toBeNull();
});
