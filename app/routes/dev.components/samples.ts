import { addDays } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import type { BurnDownPoint, LotRow, PricePoint, SpendDay } from '~/components';

const today = new Date('2026-11-22T14:05:00Z');
const month = Array.from({ length: 30 }, (_, index) => index);

export const sampleLots: LotRow[] = [
  {
    id: 'lst_8m2k',
    discountBps: 5_800,
    faceNano: usdNano(1_200),
    availableNano: usdNano(816),
    soldShareBps: 3_200,
    expiresAt: addDays(today, 17),
    daysLeft: 17,
    level: 4,
    sellerName: 'oru-pictures',
    sellerBurnedNano: usdNano(1_612),
    sellerFailedLots: 0,
  },
  {
    id: 'lst_4t9x',
    discountBps: 5_500,
    faceNano: usdNano(2_400),
    availableNano: usdNano(1_500),
    soldShareBps: 3_750,
    expiresAt: addDays(today, 57),
    daysLeft: 57,
    level: 4,
    sellerName: 'oru-pictures',
    sellerBurnedNano: usdNano(1_612),
    sellerFailedLots: 0,
  },
  {
    id: 'lst_1a1a',
    discountBps: 5_250,
    faceNano: usdNano(800),
    availableNano: usdNano(800),
    soldShareBps: 0,
    expiresAt: addDays(today, 75),
    daysLeft: 75,
    level: 1,
    sellerName: 'oru-pictures',
    sellerBurnedNano: usdNano(1_612),
    sellerFailedLots: 0,
  },
  {
    id: 'lst_2b2b',
    discountBps: 5_000,
    faceNano: usdNano(5_000),
    availableNano: usdNano(3_750),
    soldShareBps: 2_500,
    expiresAt: addDays(today, 220),
    daysLeft: 220,
    level: 4,
    sellerName: 'A seller with a rather long name',
    sellerBurnedNano: 0n,
    sellerFailedLots: 1,
  },
];

export const sampleDays: SpendDay[] = month.map((index) => ({
  day: addDays(today, index - 29),
  burnedNano: usdNano(index < 4 ? 0 : 8 + ((index * 37) % 45)),
}));

export const sampleBurnDown: BurnDownPoint[] = month.map((index) => ({
  at: addDays(today, index - 29),
  unburnedNano: usdNano(2_400 - index * 21),
  unsoldNano: usdNano(2_400 - Math.floor(index / 6) * 225),
}));

export const samplePrices: PricePoint[] = month.map((index) => ({
  at: addDays(today, index - 29),
  discountBps: index % 9 === 4 ? null : 5_300 + ((index * 173) % 600),
  soldNano: usdNano((index * 97) % 900),
}));

export const sampleEvents = [
  { at: addDays(today, -2), title: 'Reserved', note: '$200.00 of credit at 45.0¢ per $1, for 40 minutes' },
  { at: addDays(today, -1), title: 'Payment received', note: '$90.00 by card ending in 4242' },
  { at: today, title: 'First run', note: 'black-forest-labs/flux-1.1-pro, $0.040000' },
];
