import { describe, expect, it } from 'vitest';
import { Email, Password, PersonName } from './account-rules';
import { ownPath } from './account-words';

describe('account rules', () => {
  it('reads an address as one, however it is typed', () => {
    expect(Email.parse('  Ines@Example.COM ')).toBe('ines@example.com');
    for (const wrong of ['', 'ines', 'ines@', '@example.com', 'a b@example.com', `${'a'.repeat(250)}@example.com`])
      expect(Email.safeParse(wrong).success).toBe(false);
  });

  it('takes an address under a punycode top-level domain', () => {
    for (const address of ['ines@xn--e1afmkfd.xn--p1ai', 'ines@example.xn--vermgensberatung-pwb'])
      expect(Email.parse(address.toUpperCase())).toBe(address);
    for (const wrong of ['ines@example.xn--', 'ines@example.xn--a-', 'ines@example.x-y'])
      expect(Email.safeParse(wrong).success).toBe(false);
  });

  it('takes passwords of 10 to 200 characters', () => {
    expect(Password.safeParse('123456789').success).toBe(false);
    expect(Password.safeParse('1234567890').success).toBe(true);
    expect(Password.safeParse('x'.repeat(201)).success).toBe(false);
  });

  it('takes names of any script on one line', () => {
    for (const name of ['Ines', 'Ólafur Þór', '山田 太郎', 'O’Neill & Sons']) expect(PersonName.safeParse(name).success).toBe(true);
    for (const name of ['', '   ', 'a\nb', '<b>', 'x'.repeat(81)]) expect(PersonName.safeParse(name).success).toBe(false);
  });

  it('sends nobody to another site', () => {
    expect(ownPath('/listings?discount=50')).toBe('/listings?discount=50');
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/a\tb',
      '/a\\b',
      '',
      null,
      undefined,
    ]) {
      expect(ownPath(next)).toBe('/');
    }
  });
});
