import { z } from 'zod';
import { findNamedLot } from '~/modules/listings/index.server';
import { acceptOffer, findAcceptableOffer } from '~/modules/offers/index.server';
import { openSession } from '~/modules/payments/index.server';
import type { Ctx } from '~/platform/context';
import { conflict, DomainError } from '~/platform/errors';
import { idSchema, type CheckoutId } from '~/platform/ids';
import { earlier, latestPayment, openCheckout } from '~/workflows/paying/open-checkout.server';
import { orExistingCheckout } from '~/workflows/paying/start-checkout.server';

export const AcceptOfferInput = z.object({ offerId: idSchema('offer') });

/**
 * The seller accepts an offer: reserves the amount and opens a checkout for the buyer at the offer's price, payable within the policy's
 * hours. A second click finds the checkout of the first.
 * @throws 404, 409 decided or expired, or the credit is gone; then the offer stays open and the seller reads why.
 */
export async function acceptOfferAndOpenCheckout(ctx: Ctx, input: z.input<typeof AcceptOfferInput>): Promise<{ checkoutId: CheckoutId }> {
  const { offerId } = AcceptOfferInput.parse(input);
  const { offer, payUntilAt: agreedUntilAt } = await findAcceptableOffer(ctx, offerId);
  const payUntilAt = earlier(agreedUntilAt, latestPayment(ctx));
  const form = { buyerId: offer.buyerId, formToken: offer.id };
  const opening = openCheckout(ctx, {
    ...form,
    listingId: offer.listingId,
    creditNano: offer.creditNano,
    agreed: { offerId: offer.id, discountBps: offer.discountBps, payUntilAt },
    alongside: async (tx, openedId) => {
      await acceptOffer(tx, offer, openedId, payUntilAt, await findNamedLot(tx, offer.listingId));
    },
  });
  const checkout = await orExistingCheckout(ctx, form, opening).catch(inSellersWords);
  if (checkout.offerId !== offer.id)
    throw conflict('wrong_state', 'This offer cannot be accepted: the buyer has used it otherwise. Decline it.');
  // Open Stripe's page now, so that it lasts for all of the hours. If Stripe does not answer, the sweep retries.
  await openSession(ctx, checkout);
  return { checkoutId: checkout.id };
}

const sellersWords: Record<string, string> = {
  sold_out: 'Less is left of this lot than the offer asks for. Nothing was reserved, and the offer stays open.',
  not_on_sale: 'This lot is not on sale right now. Nothing was reserved, and the offer stays open.',
  own_listing: 'The buyer sells from the same Replicate account, so this offer cannot be accepted. Decline it.',
  new_buyer_limit: 'The buyer has reached what new buyers may pay in 24 hours. Nothing was reserved, and the offer stays open.',
};

/** Rewords refusals that address the buyer, since the seller reads them here. */
function inSellersWords(error: unknown): never {
  const words = error instanceof DomainError ? sellersWords[error.code] : undefined;
  throw error instanceof DomainError && words ? conflict(error.code, words) : error;
}
