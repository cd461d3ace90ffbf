import { importPriceBook } from '~/modules/pricing/index.server';
import { openMarket } from '~/modules/policy/index.server';
import type { Ctx } from '~/platform/context';

/** Loads the first rules and the price book. Every start calls it; repeating it changes nothing. */
export async function prepareMarket(ctx: Ctx): Promise<void> {
  await openMarket(ctx);
  await importPriceBook(ctx);
}
