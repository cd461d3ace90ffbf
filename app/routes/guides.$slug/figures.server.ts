import type { Guide, LivePart } from '~/content/guide';
import { previewText } from '~/modules/listings/listing-preview';
import type { Ctx } from '~/platform/context';
import { parsePercentToBps, parseUsdToCents } from '~/platform/money';
import { findModelCosts, findGuideFigures } from '~/queries/market/guide-figures.server';
import { findPriceList } from '~/queries/market/price-list.server';
import { readCount } from './read-count';

const errorsInWords = {
  count: 'Enter a whole number from 1 to 10,000,000.',
  credit: 'Enter an amount in dollars, such as 500 or 1,250.50.',
  discount: 'Enter a percentage, such as 45.',
};

/** What the live parts of a guide show: the market's figures, and the calculators for what stands in the address. */
export async function findFigures(ctx: Ctx, guide: Guide, query: URLSearchParams) {
  const has = (name: LivePart) => guide.parts.some((part) => 'live' in part && part.live === name);
  const market = await findGuideFigures(ctx);
  const costDiscountBps = market.bestDiscountBps ?? market.rules.minDiscountBps;
  const typed = { count: query.get('count') ?? '1,000', credit: query.get('credit') ?? '1,000', discount: query.get('discount') ?? '40' };
  const count = readCount(typed.count);
  const errors = {
    ...(has('model-costs') && count === null && { count: errorsInWords.count }),
    ...(has('seller-estimate') && errorsOfEstimate(typed, market.rules)),
  };
  return {
    ...market,
    typed,
    errors: Object.keys(errors).length === 0 ? null : (errors as Partial<Record<keyof typeof typed, string>>),
    costDiscountBps,
    costs: has('model-costs') && count !== null ? await findModelCosts(ctx, count, costDiscountBps) : [],
    estimate: has('seller-estimate') ? previewText(typed.credit, typed.discount, market.rules) : null,
    prices: has('model-prices') ? await findPriceList(ctx) : [],
  };
}

export type GuideFigures = Awaited<ReturnType<typeof findFigures>>;

function errorsOfEstimate(typed: { credit: string; discount: string }, rules: { minDiscountBps: number; maxDiscountBps: number }) {
  const cents = parseUsdToCents(typed.credit);
  const bps = parsePercentToBps(typed.discount);
  const [least, most] = [rules.minDiscountBps / 100, rules.maxDiscountBps / 100];
  const isAllowed = bps !== null && bps >= rules.minDiscountBps && bps <= rules.maxDiscountBps;
  return {
    ...((cents === null || cents <= 0n) && { credit: errorsInWords.credit }),
    ...(bps === null && { discount: errorsInWords.discount }),
    ...(bps !== null && !isAllowed && { discount: `The market takes discounts of ${least} to ${most} %.` }),
  };
}
