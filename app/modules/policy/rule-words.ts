import { formatCents, formatPercent, parsePercentToBps, parseUsdToCents } from '~/platform/money';
import type { PolicyRules } from './policy-rules';

export type RuleName = keyof PolicyRules;
type RuleUnit = 'percent' | 'dollars' | 'minutes' | 'hours' | 'days' | 'number';

/** Label and hint of each rule, for admins. */
export const ruleLabels: Record<RuleName, [label: string, hint: string]> = {
  minDiscountBps: ['Smallest discount', 'Of face value.'],
  maxDiscountBps: ['Largest discount', 'Of face value.'],
  feeBps: ['Fee', 'Of the price, paid by the seller.'],
  minPurchaseCents: ['Smallest purchase', 'Price.'],
  reservationMinutes: ['Reservation', 'Minutes; Stripe needs more than 30.'],
  tailGuardCents: ['Tail guard', 'The end of a balance that is not sellable.'],
  newSellerMaxOnSaleCents: ['New sellers, on sale at most', 'Face value.'],
  seasonedAfterBurnedCents: ['Seasoned after burning', 'Face value, without a failure.'],
  newBuyerMaxPerDayCents: ['New buyers, at most in 24 h', 'Price.'],
  maxUnpaidPurchases: ['Unpaid purchases of a buyer, at most', 'Open at once, without accepted offers.'],
  maxUnpaidCents: ['Unpaid purchases of a buyer, in all', 'Price.'],
  networkMaxUnpaidPurchases: ['Unpaid purchases of a network, at most', 'Of all its buyers at once.'],
  networkMaxUnpaidCents: ['Unpaid purchases of a network, in all', 'Price.'],
  unpaidEndsBeforeWait: ['Unpaid ends before a wait', 'Purchases that were reserved for 10 minutes and not paid.'],
  unpaidWaitMinutes: ['Wait after unpaid ends', 'Minutes.'],
  offerLifetimeHours: ['Lifetime of an offer', 'Hours.'],
  offerPayHours: ['Time to pay an accepted offer', 'Hours.'],
  minDaysLeft: ['No sale with fewer days left', 'Days to the expiry of the credit.'],
  maxHoldDays: ['Longest hold', 'Days from payment to settlement day.'],
  mendHours: ['Time to mend a failed lot', 'Hours.'],
  idleDays: ['Idle listings are withdrawn after', 'Days.'],
  runLimitMinutes: ['Longest run', 'Replicate ends runs after 30 minutes.'],
  exposureLimitCents: ['Run cost that nobody pays, of one buyer in 30 days', 'Above it the buyer’s new runs are refused.'],
};

const suffixes: readonly [string, RuleUnit][] = [
  ['Bps', 'percent'],
  ['Cents', 'dollars'],
  ['Minutes', 'minutes'],
  ['Hours', 'hours'],
  ['Days', 'days'],
];

/** The unit in which people read and write a rule. The rule's name ends in the stored unit. */
export function ruleUnit(name: string): RuleUnit {
  return suffixes.find(([suffix]) => name.endsWith(suffix))?.[1] ?? 'number';
}

/** A rule's value in words: "10.0%", "$20.00", "40 minutes". */
export function showRule(name: string, value: number): string {
  const unit = ruleUnit(name);
  if (unit === 'percent') return formatPercent(value);
  if (unit === 'dollars') return formatCents(BigInt(value));
  return unit === 'number' ? String(value) : `${value} ${value === 1 ? unit.slice(0, -1) : unit}`;
}

/** A rule's value as text of its field: "10", "20.00", "40". */
export function ruleToInput(name: string, value: number): string {
  const unit = ruleUnit(name);
  if (unit === 'percent') return String(value / 100);
  if (unit !== 'dollars') return String(value);
  return `${Math.trunc(value / 100)}.${String(value % 100).padStart(2, '0')}`;
}

/** Parses what an admin typed: "10", "10%", "0.3 %" · "$20", "1,000.50" · "40", "40 minutes". Null if invalid. */
export function readRule(name: string, text: string): number | null {
  const unit = ruleUnit(name);
  if (unit === 'percent') return parsePercentToBps(text);
  if (unit === 'dollars') {
    const cents = parseUsdToCents(text);
    return cents === null ? null : Number(cents);
  }
  const [, digits, word] = /^(\d{1,9})(?:\s*([a-z]+))?$/.exec(text.trim()) ?? [];
  return digits === undefined || (word !== undefined && word !== unit && `${word}s` !== unit) ? null : Number(digits);
}

/** How to write a rule of this unit, for an error message. */
export function howToWrite(name: string): string {
  const unit = ruleUnit(name);
  if (unit === 'percent') return 'A percentage with at most two decimals, such as 10 or 0.3 %.';
  if (unit === 'dollars') return 'Dollars with at most two decimals, such as 20 or 1,000.50.';
  return unit === 'number' ? 'A whole number.' : `A whole number of ${unit}.`;
}
