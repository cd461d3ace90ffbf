import type { LoaderFunctionArgs } from '@remix-run/node';
import { errorPage } from '~/pages/forms.server';
import { pictureAnswer } from '~/pages/pictures/draw.server';
import { Picture } from '~/pages/pictures/picture';
import { requestCtx } from '~/pages/request-context.server';
import { formatDate } from '~/platform/dates';
import { notFound } from '~/platform/errors';
import { isId } from '~/platform/ids';
import { formatCents, formatNano, formatPricePerUsd, nanoToCents, priceCents } from '~/platform/money';
import { findShownLot } from '~/queries/market/listing.server';

/** The picture of a lot: what is left of it, what that costs, what it saves. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { listingId } = args.params;
  const lot = isId('listing', listingId) ? await findShownLot(await requestCtx(args), listingId) : null;
  if (!lot) throw errorPage(notFound('picture'));
  const { availableNano, discountBps } = lot;
  const costCents = priceCents(availableNano, discountBps);
  const saved = nanoToCents(availableNano, 'down') - costCents;
  const isOnSale = lot.state === 'active' && availableNano > 0n;
  const title = isOnSale
    ? `${formatNano(availableNano)} of Replicate credit at ${formatPricePerUsd(discountBps)} per $1`
    : 'A lot of Replicate credit, not on sale';
  const bar = isOnSale ? { discountBps, pay: `You pay ${formatCents(costCents)}`, save: `You save ${formatCents(saved)}` } : null;
  const line = `Expires on ${formatDate(lot.creditExpiresAt)}. Held until burned.`;
  return pictureAnswer([lot.id, isOnSale, availableNano, discountBps, line].join(), () => <Picture title={title} line={line} bar={bar} />);
}
