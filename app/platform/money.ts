/**
 * Cash is bigint US cents (`…Cents`), credit is bigint nano-USD (`…Nano`, 1e-9 USD), rates are basis points (`…Bps`, number).
 * The two kinds of amount meet only in the functions of this file, and the caller names the direction of every rounding.
 */

export const NANO_PER_USD = 1_000_000_000n;
export const NANO_PER_CENT = 10_000_000n;
const BPS_PER_WHOLE = 10_000n;

export type Rounding = 'up' | 'down';

/** Whole-number division of a non-negative amount in the direction the caller gives. */
export function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator <= 0n) throw new RangeError('The denominator is positive.');
  if (numerator < 0n) throw new RangeError('Amounts that are divided are not negative.');
  const quotient = numerator / denominator;
  return rounding === 'up' && quotient * denominator !== numerator ? quotient + 1n : quotient;
}

/** A share of an amount, e.g. `share(price, 1000, 'down')` for a fee of 10 %. Unit in, unit out. */
export function share(amount: bigint, bps: number, rounding: Rounding): bigint {
  return divide(amount * BigInt(bps), BPS_PER_WHOLE, rounding);
}

/** The price in cents of an amount of credit at a discount: ⌈face × (10000 − discount) / 10000⌉ in cents (docs/money.md#amounts-of-a-purchase). */
export function priceCents(creditNano: bigint, discountBps: number): bigint {
  return divide(creditNano * BigInt(10_000 - discountBps), BPS_PER_WHOLE * NANO_PER_CENT, 'up');
}

/**
 * Rounds amounts of credit that are shown together, each by less than one cent, so that the shown parts add up to the shown total. The
 * caller names the rounding of the total; leftover cents go to the largest remainders, earlier parts first. Zero stays zero. Example: 0.3¢, 0.3¢ and 0.4¢ of 1¢ are shown as 0, 0 and 1.
 */
export function partsInCents(partsNano: readonly bigint[], total: Rounding = 'down'): bigint[] {
  const cents = partsNano.map((part) => nanoToCents(part, 'down'));
  const sum = (amounts: readonly bigint[]) => amounts.reduce((all, one) => all + one, 0n);
  const over = Number(nanoToCents(sum(partsNano), total) - sum(cents));
  const byRemainder = partsNano.map((part, index) => ({ index, rest: part % NANO_PER_CENT })).sort((a, b) => Number(b.rest - a.rest));
  for (const { index } of byRemainder.slice(0, over)) cents[index] = (cents[index] ?? 0n) + 1n;
  return cents;
}

/** The share of a part in a whole, in basis points, rounded down; 0 if the whole is zero. */
export function shareBps(part: bigint, whole: bigint): number {
  return whole > 0n ? Number((part * BPS_PER_WHOLE) / whole) : 0;
}

export function centsToNano(cents: bigint): bigint {
  return cents * NANO_PER_CENT;
}

export function nanoToCents(nano: bigint, rounding: Rounding): bigint {
  return divide(nano, NANO_PER_CENT, rounding);
}

/** Whole dollars as nano-USD; for constants and tests. */
export function usdNano(dollars: number): bigint {
  return BigInt(Math.round(dollars * 100)) * NANO_PER_CENT;
}

const DECIMAL = /^(\d{1,12})(?:\.(\d{1,9}))?$/;

/** Reads a decimal number of dollars as nano-USD without ever passing through a float. Null if it is not one. */
export function parseUsdToNano(text: string): bigint | null {
  const match = DECIMAL.exec(
    text
      .trim()
      .replace(/^\$/, '')
      .replace(/,(?=\d{3}(?:\D|$))/g, ''),
  );
  if (!match) return null;
  const [, whole = '0', fraction = ''] = match;
  return BigInt(whole) * NANO_PER_USD + BigInt(fraction.padEnd(9, '0'));
}

/** Reads dollars with at most two decimals as cents. Null if it is not such a number. */
export function parseUsdToCents(text: string): bigint | null {
  const nano = parseUsdToNano(text);
  return nano === null || nano % NANO_PER_CENT !== 0n ? null : nano / NANO_PER_CENT;
}

/** Reads a percentage with at most two decimals ("45", "37.5") as basis points. Null if it is not one. */
export function parsePercentToBps(text: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text.trim().replace(/\s*%$/, ''));
  if (!match) return null;
  const [, whole = '0', fraction = ''] = match;
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
}

function grouped(whole: bigint): string {
  return whole.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "$1,500.00"; negative amounts with a true minus sign. */
export function formatCents(cents: bigint): string {
  const sign = cents < 0n ? '−' : '';
  const abs = cents < 0n ? -cents : cents;
  return `${sign}$${grouped(abs / 100n)}.${(abs % 100n).toString().padStart(2, '0')}`;
}

/** Credit as dollars with two decimals, rounded down (what is left is never shown larger than it is). */
export function formatNano(nano: bigint): string {
  return nano < 0n ? `−${formatNano(-nano)}` : formatCents(nanoToCents(nano, 'down'));
}

/** Credit to the last digit, for runs and receipts: "$0.000406". At least two decimals. */
export function formatNanoExact(nano: bigint): string {
  const sign = nano < 0n ? '−' : '';
  const abs = nano < 0n ? -nano : nano;
  const fraction = (abs % NANO_PER_USD)
    .toString()
    .padStart(9, '0')
    .replace(/0{1,7}$/, '');
  return `${sign}$${grouped(abs / NANO_PER_USD)}.${fraction}`;
}

/** Credit to the last digit as a plain decimal, for files: "0.000406". At least two decimals, no sign for dollars or thousands. */
export function formatNanoPlain(nano: bigint): string {
  return formatNanoExact(nano).replace(/[$,]/g, '').replace('−', '-');
}

/** Whole dollars, rounded down, for market totals and rulers: "$16,166". */
export function formatNanoWhole(nano: bigint): string {
  return `$${grouped(nano / NANO_PER_USD)}`;
}

/** A plain decimal for a form field's value: 2420.00 → "2420.00". */
export function nanoToInput(nano: bigint): string {
  const cents = nanoToCents(nano, 'down');
  return `${cents / 100n}.${(cents % 100n).toString().padStart(2, '0')}`;
}

/** "58.0% off" is `${formatPercent(5800)} off`. One decimal, two where needed. */
export function formatPercent(bps: number): string {
  return `${bps % 10 === 0 ? (bps / 100).toFixed(1) : (bps / 100).toFixed(2)}%`;
}

/** The price of one dollar of credit: 5800 bps off → "42.0¢". */
export function formatPricePerUsd(discountBps: number): string {
  const bps = 10_000 - discountBps;
  return `${bps % 10 === 0 ? (bps / 100).toFixed(1) : (bps / 100).toFixed(2)}¢`;
}
