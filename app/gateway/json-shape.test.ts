import { expect, it } from 'vitest';
import { measureJson } from './json-shape';

it.each([
  ['7', 1, 0],
  ['{}', 2, 1],
  ['[1,2,3]', 4, 1],
  ['{"a":[{"b":"c"},{}],"d":[[[]]]}', 10, 4],
  [JSON.stringify({ text: '[,{"\\', '[[': ']],' }), 3, 1],
  ['"never closed [[[', 1, 0],
  ['[[[', 4, 3],
  [']]]][', 2, 0],
  ['', 1, 0],
])('the shape of %s is %i values, %i deep', (json, values, depth) => {
  expect(measureJson(Buffer.from(json))).toEqual({ values, depth });
});

it('counts a text of any length as one value', () => {
  expect(measureJson(Buffer.from(JSON.stringify({ image: `data:image/png;base64,${'A'.repeat(4_000_000)}` })))).toEqual({
    values: 2,
    depth: 1,
  });
});
