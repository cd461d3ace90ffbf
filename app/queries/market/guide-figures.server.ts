import { sql } from 'drizzle-orm';
import { listings } from '~db/schema';
import { currentPrices } from '~/modules/pricing/index.server';
import { unitName, type Price, type Tier } from '~/modules/pricing/price';
import type { Ctx } from '~/platform/context';
import { nanoToCents, priceCents } from '~/platform/money';
import { cached, shownPolicy } from './market-cache.server';
import { onSale, soonestExpiry } from './listing-statements.server';
import { conditionInWords } from './price-list.server';

/** What guides say of the market at this moment: the best and the median discount of lots on sale (null: none), and the rules. */
export async function findGuideFigures(ctx: Ctx) {
  const { rules } = await shownPolicy(ctx);
  const sale = await cached(ctx, 'discounts on sale', async () => {
    const [row] = await ctx.db
      .select({
        best: sql<number | null>`max(${listings.discountBps})`,
        median: sql<number | null>`percentile_disc(0.5) within group (order by ${listings.discountBps})`,
      })
      .from(listings)
      .where(onSale(soonestExpiry(ctx, rules.minDaysLeft)));
    return row;
  });
  return { rules, bestDiscountBps: sale?.best ?? null, medianDiscountBps: sale?.median ?? null };
}

export interface ModelCost {
  model: string;
  /** What is counted: "images", "1,000 output tokens, …". */
  unit: string;
  thereCents: bigint;
  hereCents: bigint;
}

/** What so many units of each priced model cost at Replicate, and what the credit for them costs at a discount. Both rounded up to the cent. */
export async function findModelCosts(ctx: Ctx, count: bigint, discountBps: number): Promise<ModelCost[]> {
  const prices = await cached(ctx, 'prices', () => currentPrices(ctx));
  return prices.flatMap((price) =>
    price.tiers.flatMap((tier) => unitsOf(price, tier).map((unit) => computeCost(price.model, unit, count, discountBps))),
  );
}

interface CountedUnit {
  words: string;
  nano: bigint;
}

function computeCost(model: string, { words, nano }: CountedUnit, count: bigint, discountBps: number): ModelCost {
  const faceNano = nano * count;
  return { model, unit: words, thereCents: nanoToCents(faceNano, 'up'), hereCents: priceCents(faceNano, discountBps) };
}

const THOUSAND = 1_000n;

/** Tokens and characters are counted by the thousand: one alone costs less than can be shown. */
function unitsOf({ unit, hardware }: Price, { when, unitNano, outputUnitNano }: Tier): CountedUnit[] {
  const condition = conditionInWords(when);
  switch (unit) {
    case 'token':
      return [
        { words: `thousand input tokens${condition}`, nano: unitNano * THOUSAND },
        { words: `thousand output tokens${condition}`, nano: (outputUnitNano ?? unitNano) * THOUSAND },
      ];
    case 'input_character':
      return [{ words: `thousand characters${condition}`, nano: unitNano * THOUSAND }];
    case 'hardware_second':
      return [{ words: `seconds${hardware ? ` on ${hardware}` : ''}${condition}`, nano: unitNano }];
    case 'output_image':
    case 'output_video_second':
    case 'output_audio_file':
    case 'output_audio_second':
      return [{ words: `${unitName(unit, 2)}${condition}`, nano: unitNano }];
  }
}
