import { currentPrices } from '~/modules/pricing/index.server';
import { unitName, unitsFor, type Price } from '~/modules/pricing/price';
import type { Ctx } from '~/platform/context';
import { NANO_PER_CENT, priceCents, share, usdNano } from '~/platform/money';
import { keep, shownPolicy } from './kept.server';
import { findListings, type ListingRow } from './listings.server';

/** What the first page says of the market: the cheapest lots, what $1,000 of credit costs, what $55 buys, what a seller earns. */
export async function homeOf(ctx: Ctx) {
  const { rules } = await shownPolicy(ctx);
  const [{ rows }, prices] = await Promise.all([
    findListings(ctx, { sort: 'cheapest' }, rules.minDaysLeft),
    keep(ctx, 'prices', () => currentPrices(ctx)),
  ]);
  const best = rows[0]?.discountBps;
  return {
    rules,
    lots: rows.slice(0, 5),
    quote: quoteOf(rows, usdNano(1_000)),
    bargains: best === undefined ? null : bargainsOf(prices, 5_500n, best),
    earnings: earningsOf(rules),
    now: ctx.now,
  };
}

/** The price of an amount of credit over the cheapest lots, each part priced as a purchase of its own; less if the market holds less. */
export function quoteOf(rows: readonly Pick<ListingRow, 'availableNano' | 'discountBps'>[], wantedNano: bigint) {
  let leftNano = wantedNano;
  let costCents = 0n;
  let lots = 0;
  for (const { availableNano, discountBps } of rows) {
    if (leftNano === 0n) break;
    const part = availableNano < leftNano ? availableNano : leftNano;
    costCents += priceCents(part, discountBps);
    leftNano -= part;
    lots += 1;
  }
  const faceNano = wantedNano - leftNano;
  if (faceNano === 0n) return null;
  const paidBps = Number((costCents * NANO_PER_CENT * 10_000n) / faceNano);
  return { faceNano, costCents, savedCents: faceNano / NANO_PER_CENT - costCents, discountBps: 10_000 - paidBps, lots };
}

const shown = ['black-forest-labs/flux-1.1-pro', 'bytedance/seedream-4', 'google/veo-3.1-fast'];

/** How many results the same cash buys of some well-known models, here and at Replicate. */
function bargainsOf(prices: readonly Price[], cashCents: bigint, discountBps: number) {
  const atProviderNano = cashCents * NANO_PER_CENT;
  const hereNano = (atProviderNano * 10_000n) / BigInt(10_000 - discountBps);
  const items = shown.flatMap((model) => {
    const price = prices.find((candidate) => candidate.model === model);
    if (!price) return [];
    const there = unitsFor(price, atProviderNano);
    return [{ model, unit: unitInWords(price), count: Number(unitsFor(price, hereNano)), countAtProvider: Number(there) }];
  });
  return { cashCents, creditNano: hereNano, items };
}

function unitInWords(price: Price): string {
  const cheapest = price.tiers[price.tiers.length - 1] ?? price.tiers[0];
  return `${unitName(price.unit, 2)}${cheapest.when['with_audio'] === false ? ', no audio' : ''}`;
}

/** What three discounts bring for $1,000.00 of credit that is sold and burned in full. */
function earningsOf({ minDiscountBps, maxDiscountBps, feeBps }: { minDiscountBps: number; maxDiscountBps: number; feeBps: number }) {
  const middle = Math.round((minDiscountBps + maxDiscountBps) / 2 / 500) * 500;
  return [...new Set([minDiscountBps, middle, maxDiscountBps])].map((discountBps) => {
    const priceInCents = priceCents(usdNano(1_000), discountBps);
    const feeCents = share(priceInCents, feeBps, 'down');
    return { discountBps, priceCents: priceInCents, feeCents, earnedCents: priceInCents - feeCents };
  });
}
