import { findNamedLot, giveBackReservations } from '~/modules/listings/index.server';
import { markOfferLapsed } from '~/modules/offers/index.server';
import { findCheckout, moveCheckout, type Checkout } from '~/modules/payments/index.server';
import { endUnpaid } from '~/modules/transactions/index.server';
import { atomic, type Ctx } from '~/platform/context';

/** Ends checkout, transaction, reservation and offer together, after Stripe has closed the payment page. */
export async function closeCheckout(ctx: Ctx, checkout: Checkout, as: 'expired' | 'canceled'): Promise<'ended' | 'paid'> {
  return atomic(ctx, async (tx) => {
    const ended = await moveCheckout(tx, checkout.id, as === 'expired' ? 'expire' : 'cancel', { endedAt: tx.now });
    if (!ended) return (await findCheckout(tx, checkout.id)).state === 'paid' ? 'paid' : 'ended';
    await giveBackReservations(tx, checkout.id);
    await endUnpaid(tx, checkout.id, as);
    if (checkout.offerId) await markOfferLapsed(tx, checkout.offerId, findNamedLot);
    return 'ended';
  });
}
