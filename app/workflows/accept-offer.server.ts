import { z } from 'zod';
import { acceptOffer, findAcceptableOffer } from '~/modules/offers/index.server';
import type { Ctx } from '~/platform/context';
import { idSchema, type CheckoutId } from '~/platform/ids';
import { openCheckout } from './open-checkout.server';

export const AcceptOfferInput = z.object({ offerId: idSchema('offer') });

/**
 * The seller accepts an offer: the amount is reserved and a checkout opened for the buyer at the offer's price, to be paid within the
 * policy's hours. If the lot has meanwhile sold out (409), the offer stays open and the seller is told.
 */
export async function acceptOfferAndOpenCheckout(ctx: Ctx, input: z.input<typeof AcceptOfferInput>): Promise<{ checkoutId: CheckoutId }> {
  const { offerId } = AcceptOfferInput.parse(input);
  const { offer, payUntilAt } = await findAcceptableOffer(ctx, offerId);
  const { checkoutId } = await openCheckout(ctx, {
    buyerId: offer.buyerId,
    listingId: offer.listingId,
    faceNano: offer.amountNano,
    agreed: { offerId: offer.id, discountBps: offer.discountBps, payUntilAt },
    formToken: offer.id,
    alongside: async (tx, openedId) => {
      await acceptOffer(tx, offer, openedId, payUntilAt);
    },
  });
  return { checkoutId };
}
