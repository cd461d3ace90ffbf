import type { LoaderFunctionArgs } from '@remix-run/node';
import { requestCtx } from '~/pages/request-context.server';
import { pictureAnswer } from '~/pages/pictures/draw.server';
import { Picture } from '~/pages/pictures/picture';
import { formatPercent, formatPricePerUsd } from '~/platform/money';
import { findGuideFigures } from '~/queries/market/guide-figures.server';

/** The picture of the market: today's best price. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { bestDiscountBps: best } = await findGuideFigures(await requestCtx(args));
  const title = best === null ? 'Replicate credit below face value' : `Replicate credit at ${formatPricePerUsd(best)} on the dollar`;
  const bar = best === null ? null : { discountBps: best, pay: `You pay ${formatPricePerUsd(best)}`, save: `${formatPercent(best)} saved` };
  return pictureAnswer(`market ${best}`, () => <Picture title={title} line="Your money is held until burned." bar={bar} />);
}
