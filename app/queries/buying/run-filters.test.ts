import { expect, it } from 'vitest';
import { readRunFilters } from './run-filters';

it('reads what it can and says what it cannot', () => {
  const read = readRunFilters(new URLSearchParams('model=flux&state=charged&from=2026-11-01&until=31.11.2026&key=r8_x&before=run_1'));
  expect(read.filters).toEqual({ model: 'flux', state: 'charged', from: new Date('2026-11-01T00:00:00Z') });
  expect(Object.keys(read.errors)).toEqual(['key', 'until']);
  expect(read.errors.until).toBe('A day, such as 2027-01-31.');
  expect(read.typed).toEqual({ model: 'flux', state: 'charged', from: '2026-11-01', until: '31.11.2026', key: 'r8_x' });
});
