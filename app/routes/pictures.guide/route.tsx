import type { LoaderFunctionArgs } from '@remix-run/node';
import { findGuide } from '~/content/guides.server';
import { errorPage } from '~/pages/forms.server';
import { pictureAnswer } from '~/pages/pictures/draw.server';
import { Picture } from '~/pages/pictures/picture';
import { requestCtx } from '~/pages/request-context.server';
import { notFound } from '~/platform/errors';
import { formatPercent, formatPricePerUsd } from '~/platform/money';
import { findGuideFigures } from '~/queries/market/guide-figures.server';

/** The picture of a guide: its title, and today's best price. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const guide = findGuide(args.params['slug']);
  if (!guide) throw errorPage(notFound('picture'));
  const { bestDiscountBps: best } = await findGuideFigures(await requestCtx(args));
  const bar =
    best === null ? null : { discountBps: best, pay: `Credit at ${formatPricePerUsd(best)}`, save: `${formatPercent(best)} saved` };
  return pictureAnswer(`guide ${guide.slug} ${best}`, () => <Picture title={guide.title} line={`Guide: ${guide.category}`} bar={bar} />);
}
