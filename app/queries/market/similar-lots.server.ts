import type { Ctx } from '~/platform/context';
import { findListings } from './listings.server';

const SHOWN = 3;

/** For the page of a lot that is gone: of the cheapest lots on sale those whose discount is nearest to its own. */
export async function findSimilarLots(ctx: Ctx, { discountBps }: { discountBps: number }, minDaysLeft: number) {
  const { rows } = await findListings(ctx, { sort: 'cheapest' }, minDaysLeft);
  const distance = (lot: { discountBps: number }) => Math.abs(lot.discountBps - discountBps);
  return rows.sort((a, b) => distance(a) - distance(b)).slice(0, SHOWN);
}
