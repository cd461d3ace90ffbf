import { centsToNano, formatNano, priceCents } from '~/platform/money';

export type LotBarSize = 'row' | 'card' | 'hero';

/** Pixels from the top, per size: the rail, the body under it, then weeks or a scale. */
export const lotBarLayout = {
  row: { rail: 3, trackY: 2, bodyY: 7, body: 12, weeksY: 22, plain: 21, withWeeks: 30, notch: 'M-4 0h8l-4 10.6z' },
  card: { rail: 4, trackY: 3, bodyY: 8, body: 22, weeksY: 33, plain: 32, withWeeks: 41, notch: 'M-5 0h10l-5 12.5z' },
  hero: { rail: 5, trackY: 4, bodyY: 14, body: 104, weeksY: 121, plain: 120, withWeeks: 129, notch: 'M-9 0h18l-9 22.1z' },
} as const satisfies Record<LotBarSize, unknown>;

/** Under so many days a deadline is near. */
export const NEAR_DAYS = 21;
const WEEK_PX = 4;
const LONGEST_WEEKS = 64;
/** A bar shorter than this share of the scale could not be seen. */
const SHORTEST_PERCENT = 0.5;

/** Basis points as an SVG length: 4250 → "42.50%". */
export function bpsLength(bps: number): string {
  return `${(bps / 100).toFixed(2)}%`;
}

/** How long the bar is on its list's scale; alone it fills its box. */
export function barLength(faceNano: bigint, scaleMaxNano?: bigint): string {
  if (scaleMaxNano === undefined || scaleMaxNano <= 0n || faceNano >= scaleMaxNano) return '100.00%';
  const percent = Number((faceNano * 1_000_000n) / scaleMaxNano) / 10_000;
  return `${Math.max(percent, SHORTEST_PERCENT).toFixed(2)}%`;
}

/** Width of the week ticks: 4 px for each week begun, and the last tick itself. Nothing once it has expired. */
export function weeksWidth(daysLeft: number): number {
  const weeks = Math.min(Math.ceil(daysLeft / 7), LONGEST_WEEKS);
  return weeks > 0 ? weeks * WEEK_PX + 1 : 0;
}

/** "38%"; says 0 and 100 only when it is so. */
export function shareInWords(bps: number): string {
  if (bps > 0 && bps < 50) return 'under 1%';
  const percent = Math.round(bps / 100);
  return `${bps < 10_000 && percent === 100 ? 99 : percent}%`;
}

/** Who reads a bar. The seller earns what the buyer pays, less the fee; an admin looks from outside. */
export type LotReader = 'buyer' | 'seller' | 'admin';

export const lotWords: Record<LotReader, { pay: string; less: string; save: string }> = {
  buyer: { pay: 'you pay', less: '', save: 'you save' },
  seller: { pay: 'you earn', less: ' less the fee', save: 'buyers save' },
  admin: { pay: 'buyers pay', less: '', save: 'buyers save' },
};

export interface LotFacts {
  /** A buyer, unless said. */
  reader?: LotReader;
  faceNano: bigint;
  discountBps: number;
  soldShareBps?: number;
  burnedShareBps?: number;
  daysLeft?: number;
}

function daysInWords(daysLeft: number): string {
  if (daysLeft < 0) return 'expired';
  if (daysLeft === 0) return 'expires within a day';
  return `expires in ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'}`;
}

/** The bar in words: "Face value $1,200.00, you pay $504.00, you save $696.00; 32% sold; expires in 17 days". */
export function lotSentence({ reader = 'buyer', faceNano, discountBps, soldShareBps, burnedShareBps, daysLeft }: LotFacts): string {
  const payNano = centsToNano(priceCents(faceNano, discountBps));
  const saveNano = faceNano > payNano ? faceNano - payNano : 0n;
  const { pay, less, save } = lotWords[reader];
  const parts = [`Face value ${formatNano(faceNano)}, ${pay} ${formatNano(payNano)}${less}, ${save} ${formatNano(saveNano)}`];
  if (burnedShareBps !== undefined) parts.push(`${shareInWords(burnedShareBps)} burned`);
  else if (soldShareBps !== undefined) parts.push(`${shareInWords(soldShareBps)} sold`);
  if (daysLeft !== undefined) parts.push(daysInWords(daysLeft));
  return parts.join('; ');
}

const NICE = [1n, 2n, 5n, 10n] as const;

/** The end of a list's scale: the first of 1, 2, 5 × 10ⁿ dollars that holds the largest lot. */
export function niceScaleMax(largestNano: bigint): bigint {
  let power = 1_000_000_000n;
  while (power * 10n < largestNano) power *= 10n;
  return (NICE.find((step) => step * power >= largestNano) ?? 10n) * power;
}

/** "$250", "$1k", "$2.5k": for rulers only. */
export function rulerWord(dollars: number): string {
  return dollars >= 1_000 ? `$${Number((dollars / 1_000).toFixed(1))}k` : `$${Number(dollars.toFixed(2))}`;
}
