import { describe, expect, it } from 'vitest';
import { countable, exactDigits, jsonbText, jsonText, parseJson, plainJson } from './json';

describe('JSON without loss', () => {
  it.each([
    '{"seed":9007199254740993,"big":[18446744073709551615,-9007199254740993]}',
    '[1e400,1e-400,0.1234567890123456789,0.30000000000000004,123456789012345678e3]',
    '9007199254740993',
    '{"text":"[9007199254740993, \\"1e400\\"]","n":9007199254740993}',
    '{"isLosslessNumber":true,"value":"1,2","n":9007199254740993}',
    '{"a":[1,-2.5,true,null,"\\ud83d"]}',
  ])('gives %s back', (text) => {
    expect(jsonText(parseJson(text))).toBe(text);
  });

  it('reads what fits as plain numbers', () => {
    const text = '{"a": 1e3, "b": 1.000000000000000000, "c": 9007199254740991, "d": [0.30000000000000004]}';
    expect(parseJson(text)).toEqual({ a: 1000, b: 1, c: 9007199254740991, d: [0.30000000000000004] });
  });

  it.each(['[01234567890123456789]', '[1.2.3.4.5.6.7.8e1]', '[1e]', '[12345678901234567890', '[-]', '[1e5.]', '[12345678901234567890+1]'])(
    'refuses %s',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );

  it('tells digits and a number to count with', () => {
    const [seed, tiny, huge] = parseJson('[9007199254740993,3.14159265358979323846,1e999]') as unknown[];
    expect(exactDigits(seed)).toBe('9007199254740993');
    expect([countable(tiny), countable(huge), countable(4), countable('4')]).toEqual([Math.PI, null, 4, null]);
  });
});

describe('JSON for a jsonb column', () => {
  it('holds no zero character and no half of one, in names and values', () => {
    const value = { 'a\u0000': 'cut \ud83d', '\udc00': '\\u0000 \\ud83d 😀 "' };
    expect(plainJson(parseJson('{"maximum":18446744073709551615}'))).toEqual({ maximum: 2 ** 64 });
    expect(JSON.parse(jsonbText(value))).toEqual({ 'a\ufffd': 'cut \ufffd', '\ufffd': '\\u0000 \\ud83d 😀 "' });
  });
});
