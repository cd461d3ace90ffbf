import { findCheckout, openSession, type Checkout } from '~/modules/payments/index.server';
import type { Ctx } from '~/platform/context';
import type { CheckoutId } from '~/platform/ids';
import { closeCheckout } from './close-checkout.server';
import { confirmPayment } from './confirm-payment.server';

export type Ending = 'ended' | 'paid' | 'waiting';

/**
 * Ends a checkout that is not to be paid and puts its credit back. Stripe closes its page first: if the buyer was faster there, it is a
 * payment and is taken as one. `waiting`: Stripe could not be asked; a sweep comes again.
 */
export async function endCheckout(ctx: Ctx, checkoutId: CheckoutId, as: 'expired' | 'canceled'): Promise<Ending> {
  const checkout = await findCheckout(ctx, checkoutId);
  if (checkout.state === 'paid') return 'paid';
  if (checkout.state === 'expired' || checkout.state === 'canceled') return 'ended';
  if (checkout.stripeSessionId === null) return endUnopened(ctx, checkout, as);
  const result = await ctx.ports.stripe.expireCheckoutSession(checkout.stripeSessionId);
  if (result.outcome === 'done') return closeCheckout(ctx, checkout, as);
  // Not open any more, or no answer: look at what it is. A Stripe that cannot be asked is looked at again by the sweep.
  const confirmed = await confirmPayment(ctx, checkoutId).catch((error: unknown) => {
    ctx.log.warn({ err: error, checkoutId }, 'a checkout that was to end could not be looked at');
    return 'waiting' as const;
  });
  return confirmed === 'paid' || confirmed === 'ended' ? confirmed : 'waiting';
}

/** No session is known: it is asked for once more, so that none can be open behind our back. */
async function endUnopened(ctx: Ctx, checkout: Checkout, as: 'expired' | 'canceled'): Promise<Ending> {
  const opening = await openSession(ctx, checkout);
  if (opening.state === 'refused') return closeCheckout(ctx, checkout, as);
  return opening.state === 'waiting' ? 'waiting' : endCheckout(ctx, checkout.id, as);
}
