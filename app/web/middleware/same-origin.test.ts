import { expect, it } from 'vitest';
import { comesFromUs } from './same-origin';

const OWN = 'https://market.example';
const from = (headers: Record<string, string>) => comesFromUs({ headers: { host: 'market.example', ...headers }, protocol: 'https' }, OWN);

it.each([
  ['our own page', { origin: OWN, cookie: 'a=1' }, true],
  ['another site that claims its name is ours', { origin: 'https://evil.example', host: 'evil.example', cookie: 'a=1' }, false],
  ['another site', { origin: 'https://evil.example', cookie: 'a=1' }, false],
  ['another site that holds no cookie of ours', { origin: 'https://evil.example' }, false],
  ['our page without a scheme of ours', { origin: 'http://market.example', cookie: 'a=1' }, false],
  ['a frame without an origin', { origin: 'null', cookie: 'a=1' }, false],
  ['a page that hides its origin, as the browser vouches', { origin: 'null', cookie: 'a=1', 'sec-fetch-site': 'same-origin' }, true],
  ['a neighbour on the same site', { cookie: 'a=1', 'sec-fetch-site': 'same-site' }, false],
  ['nobody knows where, with a cookie', { cookie: 'a=1' }, false],
  ['a script that acts for itself', {}, true],
])('a form from %s', (_who, headers, allowed) => {
  expect(from(headers as Record<string, string>)).toBe(allowed);
});

it('takes a page of the demo under any name of the machine', () => {
  const headers = { host: 'localhost:3000', origin: 'http://localhost:3000', cookie: 'a=1' };
  expect(comesFromUs({ headers, protocol: 'http' }, 'http://127.0.0.1:3000', true)).toBe(true);
  expect(comesFromUs({ headers, protocol: 'http' }, 'http://127.0.0.1:3000')).toBe(false);
});
