import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { burnWindows, windowAtRisk } from './burn-windows';

const now = new Date('2026-11-29T12:00:00Z');
const midnight = (days: number) => addDays(new Date('2026-11-29T00:00:00Z'), days);

it('adds up all grants whose window ends on the same day', () => {
  const grants = [
    { endsAt: midnight(10), availableNano: usdNano(0.08) },
    { endsAt: midnight(10), availableNano: usdNano(45.19) },
    { endsAt: midnight(40), availableNano: usdNano(100) },
  ];
  expect(burnWindows(now, grants, 0n).map((window) => window.availableNano)).toEqual([usdNano(45.27), usdNano(100)]);
});

it('warns when $299.61 ends in 31 days at $0.05 a day', () => {
  const windows = burnWindows(now, [{ endsAt: midnight(32), availableNano: usdNano(299.61) }], usdNano(0.05));
  const risk = windowAtRisk(windows, 30);
  expect(risk).toMatchObject({ daysLeft: 31, availableNano: usdNano(299.61) });
  expect(risk?.unburnedNano).toBe(usdNano(299.61) - (usdNano(0.05) * 315n) / 10n);
  expect(windowAtRisk(windows, 2)).toBeNull();
});

it('says nothing when the pace burns all of it, and counts earlier windows first', () => {
  const grants = [
    { endsAt: midnight(10), availableNano: usdNano(90) },
    { endsAt: midnight(20), availableNano: usdNano(90) },
  ];
  expect(windowAtRisk(burnWindows(now, grants, usdNano(10)), 30)).toBeNull();
  expect(burnWindows(now, grants, usdNano(9.5)).map((window) => window.unburnedNano)).toEqual([0n, 0n]);
  expect(windowAtRisk(burnWindows(now, grants, usdNano(9)), 30)).toMatchObject({ endsAt: midnight(10) });
});

it('burns exactly all of a window at the pace that it says is needed', () => {
  const grant = fc.record({ endsAt: fc.integer({ min: 2, max: 300 }).map(midnight), availableNano: fc.bigInt(1n, 10n ** 13n) });
  fc.assert(
    fc.property(fc.array(grant, { minLength: 1, maxLength: 6 }), (grants) => {
      const windows = burnWindows(now, grants, 0n);
      const pace = windows.reduce((most, window) => (window.neededPerDayNano > most ? window.neededPerDayNano : most), 0n);
      expect(burnWindows(now, grants, pace).every((window) => window.unburnedNano === 0n)).toBe(true);
    }),
  );
});
