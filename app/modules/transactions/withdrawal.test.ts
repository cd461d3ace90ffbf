import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { useNowConsent, withdrawalEndsAt } from './withdrawal';

const at = (text: string) => new Date(text);

it('lasts until the end of the 14th day after the payment', () => {
  const settlementAt = at('2026-12-30T10:00:00Z');
  expect(withdrawalEndsAt(at('2026-11-01T00:00:00Z'), settlementAt)).toEqual(at('2026-11-16T00:00:00Z'));
  expect(withdrawalEndsAt(at('2026-11-01T23:59:59Z'), settlementAt)).toEqual(at('2026-11-16T00:00:00Z'));
});

it('ends on settlement day if that comes first', () => {
  expect(withdrawalEndsAt(at('2026-11-01T12:00:00Z'), at('2026-11-05T00:00:00Z'))).toEqual(at('2026-11-05T00:00:00Z'));
});

it('is recorded in docs/withdrawal.md, text by version', () => {
  const docs = readFileSync('docs/withdrawal.md', 'utf8');
  expect(docs).toContain(`| ${useNowConsent.version} | ${useNowConsent.text} |`);
});
