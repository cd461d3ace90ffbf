import { z } from 'zod';

const whole = (min: number, max: number) =>
  z.coerce.number({ error: 'A whole number.' }).int('A whole number.').min(min, `At least ${min}.`).max(max, `At most ${max}.`);

/** The market's rules (docs/design.md#rules-of-the-market): plain numbers with the unit in the name, readable in the database. */
export const PolicyRules = z
  .object({
    minDiscountBps: whole(0, 9_999),
    maxDiscountBps: whole(1, 9_999),
    feeBps: whole(0, 5_000),
    minPurchaseCents: whole(50, 100_000),
    reservationMinutes: whole(31, 24 * 60),
    tailGuardCents: whole(0, 100_000),
    newSellerMaxOnSaleCents: whole(0, 100_000_000),
    seasonedAfterBurnedCents: whole(0, 100_000_000),
    newBuyerMaxPerDayCents: whole(0, 100_000_000),
    maxUnpaidPurchases: whole(1, 1_000),
    maxUnpaidCents: whole(0, 100_000_000),
    networkMaxUnpaidPurchases: whole(1, 100_000),
    networkMaxUnpaidCents: whole(0, 100_000_000),
    unpaidEndsBeforeWait: whole(1, 1_000),
    unpaidWaitMinutes: whole(1, 24 * 60),
    offerLifetimeHours: whole(1, 24 * 14),
    offerPayHours: whole(1, 24),
    minDaysLeft: whole(2, 60),
    maxHoldDays: whole(1, 85),
    mendHours: whole(1, 24 * 7),
    idleDays: whole(1, 90),
    runLimitMinutes: whole(1, 24 * 60),
    exposureLimitCents: whole(0, 10_000_000),
  })
  .refine((rules) => rules.minDiscountBps < rules.maxDiscountBps, { path: ['maxDiscountBps'], error: 'Above the smallest discount.' });

export type PolicyRules = z.infer<typeof PolicyRules>;

export interface Policy {
  version: number;
  validFrom: Date;
  rules: PolicyRules;
}

/** The rules with which a market opens. */
export const firstRules: PolicyRules = {
  minDiscountBps: 3_000,
  maxDiscountBps: 7_000,
  feeBps: 1_000,
  minPurchaseCents: 500,
  reservationMinutes: 40,
  tailGuardCents: 2_000,
  newSellerMaxOnSaleCents: 100_000,
  seasonedAfterBurnedCents: 50_000,
  newBuyerMaxPerDayCents: 20_000,
  maxUnpaidPurchases: 4,
  maxUnpaidCents: 250_000,
  networkMaxUnpaidPurchases: 20,
  networkMaxUnpaidCents: 500_000,
  unpaidEndsBeforeWait: 3,
  unpaidWaitMinutes: 60,
  offerLifetimeHours: 48,
  offerPayHours: 24,
  minDaysLeft: 3,
  maxHoldDays: 60,
  mendHours: 24,
  idleDays: 14,
  runLimitMinutes: 30,
  exposureLimitCents: 5_000,
};
