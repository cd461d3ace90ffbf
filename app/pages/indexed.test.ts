import { expect, it } from 'vitest';
import { isPublicPage, pictureOf } from './indexed';

const lot = `/listings/lst_${'0a'.repeat(16)}`;

it.each(['/', '/listings', '/guides', '/guides/replicate-free-credits', lot, '/signin'])('%s has an address for search engines', (path) => {
  expect(isPublicPage(path)).toBe(true);
});

it.each(['/wallet', '/admin', '/settings', '/checkout/chk_1', '/listings/lst_1', '/guides/a/b'])('%s has none', (path) => {
  expect(isPublicPage(path)).toBe(false);
});

it('a lot, a guide and any other page have pictures of their own', () => {
  expect([lot, '/guides/x', '/terms'].map(pictureOf)).toEqual([
    `/pictures/lots/lst_${'0a'.repeat(16)}.png`,
    '/pictures/guides/x.png',
    '/pictures/market.png',
  ]);
});
