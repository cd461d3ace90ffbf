import { z } from 'zod';
import { recordAudit } from '~/modules/audit/index.server';
import { currentPolicy } from '~/modules/policy/index.server';
import { atomic, requireVerifiedUser, type Ctx } from '~/platform/context';
import { conflict, invalid } from '~/platform/errors';
import { idSchema } from '~/platform/ids';
import { sellingListingStates } from './listing-machine';
import { smallestPurchaseNano } from './listing-preview';
import { changeListing, lockOwnListing, recordPriceChange, type Listing } from './listing-store.server';
import { termsProblems } from './listing-terms';

export const ChangePriceInput = z.object({ listingId: idSchema('listing'), discountBps: z.number().int() });

/**
 * The seller changes the discount of the unsold quantity. A buyer who saw a lower price must confirm the new one. Reserved and bought
 * quantity keeps its price.
 * @throws DomainError 404, 409 unless active or paused, 422 outside the market's bounds.
 */
export async function changePrice(ctx: Ctx, input: z.input<typeof ChangePriceInput>): Promise<Listing> {
  const { listingId, discountBps } = ChangePriceInput.parse(input);
  const sellerId = requireVerifiedUser(ctx);
  return atomic(ctx, async (tx) => {
    const { rules } = await currentPolicy(tx);
    const listing = await lockOwnListing(tx, sellerId, listingId);
    if (!(sellingListingStates as readonly string[]).includes(listing.state))
      throw conflict('wrong_state', 'The price can be changed while the listing is active or paused.');
    const [problem] = termsProblems({ discountBps }, rules, tx.now);
    if (problem) throw invalid('discount', problem.message);
    if (discountBps === listing.discountBps) return listing;
    const changed = await changeListing(tx, listing, {
      discountBps,
      priceVersion: listing.priceVersion + 1,
      minNano: smallestPurchaseNano(listing.minNano, discountBps, rules.minPurchaseCents),
    });
    await recordPriceChange(tx, listingId, listing.discountBps, discountBps);
    await recordAudit(tx, 'listing.price_changed', listingId, { fromBps: String(listing.discountBps), toBps: String(discountBps) });
    return changed;
  });
}
