import { smallestPurchaseNano } from '~/modules/listings/listing-preview';
import type { PolicyRules } from '~/modules/policy/index.server';
import { currentPrices } from '~/modules/pricing/index.server';
import { unitName, unitsFor, type Price } from '~/modules/pricing/price';
import type { Ctx } from '~/platform/context';
import { NANO_PER_CENT, nanoToCents, priceCents, share, usdNano } from '~/platform/money';
import { cached, shownPolicy } from './market-cache.server';
import { findListings } from './listings.server';
import type { ListingRow } from './public-listing.server';

/** The home page: the cheapest lots, a purchase that anybody can make now, what $55 buys, what a seller earns. */
export async function findHome(ctx: Ctx) {
  const { rules } = await shownPolicy(ctx);
  const [{ rows }, prices] = await Promise.all([
    findListings(ctx, { sort: 'cheapest' }, rules.minDaysLeft),
    cached(ctx, 'prices', () => currentPrices(ctx)),
  ]);
  return {
    rules,
    lots: rows.slice(0, 5),
    quote: findQuote(rows, rules),
    bargains: listBargains(rows, prices, 5_500n, rules),
    earnings: computeEarnings(rules),
    now: ctx.now,
  };
}

type Lot = Pick<ListingRow, 'id' | 'availableNano' | 'minNano' | 'discountBps'>;
type BuyRules = Pick<PolicyRules, 'minPurchaseCents' | 'newBuyerMaxPerDayCents'>;

/** Whether a new buyer can buy this amount of this lot in one purchase. */
function sells({ availableNano, minNano, discountBps }: Lot, creditNano: bigint, rules: BuyRules): boolean {
  const least = smallestPurchaseNano(minNano, discountBps, rules.minPurchaseCents);
  return creditNano >= least && creditNano <= availableNano && priceCents(creditNano, discountBps) <= BigInt(rules.newBuyerMaxPerDayCents);
}

const roundAmounts = [1_000, 500, 400, 300, 250, 200, 150, 100, 50, 25, 20, 10, 5].map(usdNano);

/** The largest round amount that a new buyer can buy at once, from the cheapest lot that sells it; null if there is none. */
export function findQuote(lots: readonly Lot[], rules: BuyRules) {
  for (const creditNano of roundAmounts) {
    const lot = lots.find((candidate) => sells(candidate, creditNano, rules));
    if (!lot) continue;
    const costCents = priceCents(creditNano, lot.discountBps);
    return {
      listingId: lot.id,
      creditNano,
      costCents,
      savedCents: nanoToCents(creditNano, 'down') - costCents,
      discountBps: lot.discountBps,
    };
  }
  return null;
}

const shown = ['black-forest-labs/flux-1.1-pro', 'bytedance/seedream-4', 'google/veo-3.1-fast'];

/** How many outputs of well-known models the same cash buys at Replicate and from the cheapest lot that sells so much at once. */
function listBargains(lots: readonly Lot[], prices: readonly Price[], cashCents: bigint, rules: BuyRules) {
  const creditFor = ({ discountBps }: Lot) => (cashCents * 10_000n * NANO_PER_CENT) / BigInt(10_000 - discountBps);
  const lot = lots.find((candidate) => sells(candidate, creditFor(candidate), rules));
  if (!lot) return null;
  const creditNano = creditFor(lot);
  const items = shown.flatMap((model) => {
    const price = prices.find((candidate) => candidate.model === model);
    if (!price) return [];
    const countAtProvider = Number(unitsFor(price, cashCents * NANO_PER_CENT));
    return [{ model, unit: unitInWords(price), count: Number(unitsFor(price, creditNano)), countAtProvider }];
  });
  return { cashCents, creditNano, discountBps: lot.discountBps, items };
}

function unitInWords(price: Price): string {
  const cheapest = price.tiers[price.tiers.length - 1] ?? price.tiers[0];
  return `${unitName(price.unit, 2)}${cheapest.when['with_audio'] === false ? ', no audio' : ''}`;
}

/** Earnings at three discounts from $1,000.00 of credit that is sold and burned completely. */
export function computeEarnings({
  minDiscountBps,
  maxDiscountBps,
  feeBps,
}: {
  minDiscountBps: number;
  maxDiscountBps: number;
  feeBps: number;
}) {
  const middle = Math.round((minDiscountBps + maxDiscountBps) / 2 / 500) * 500;
  return [...new Set([minDiscountBps, middle, maxDiscountBps])].map((discountBps) => {
    const priceInCents = priceCents(usdNano(1_000), discountBps);
    const feeCents = share(priceInCents, feeBps, 'down');
    return { discountBps, priceCents: priceInCents, feeCents, earnedCents: priceInCents - feeCents };
  });
}
