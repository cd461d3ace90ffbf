import { expect, it } from 'vitest';
import { paths } from './paths';
import routes from './routes';
import { createPatternFinder } from './web/route-patterns';

type Builder = (...args: string[]) => string;

/** Pages by their pattern; an optional last part makes two of one. */
const pages = routes
  .map(({ path = '', index }) => `/${index ? '' : path}`)
  .filter((pattern) => pattern !== '/*')
  .flatMap((pattern) => (pattern.endsWith('?') ? [pattern.replace(/\/[^/]+$/, ''), pattern.slice(0, -1)] : [pattern]));
const findPattern = createPatternFinder(pages);

/** Each builder's address, with `x` for every id. */
function addresses(builders: object): string[] {
  return Object.entries(builders).flatMap(([name, builder]: [string, Builder | object]) => {
    if (typeof builder !== 'function') return addresses(builder);
    return name === 'verified' ? [] : [(builder as Builder)('x', '/x')];
  });
}

it('every page has a builder of its address', () => {
  const built = new Set(addresses(paths).map(findPattern));
  expect(pages.filter((pattern) => !built.has(pattern))).toEqual([]);
});

it('every builder leads to a page or to a route for programs', () => {
  expect(addresses(paths).filter((address) => findPattern(address) === '(other)')).toEqual([]);
});
