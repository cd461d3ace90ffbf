import { findCheckout, openSession, type Checkout } from '~/modules/payments/index.server';
import type { Ctx } from '~/platform/context';
import type { CheckoutId } from '~/platform/ids';
import { closeCheckout } from './close-checkout.server';
import { confirmPayment } from './confirm-payment.server';

export type Ending = 'ended' | 'paid' | 'waiting';

/**
 * Ends an unpaid checkout and returns its credit to the market. Stripe closes its page first: if the buyer has paid meanwhile, the payment
 * is taken. `waiting`: Stripe did not answer; a sweep retries.
 */
export async function endCheckout(ctx: Ctx, checkoutId: CheckoutId, as: 'expired' | 'canceled'): Promise<Ending> {
  const checkout = await findCheckout(ctx, checkoutId);
  if (checkout.state === 'paid') return 'paid';
  if (checkout.state === 'expired' || checkout.state === 'canceled') return 'ended';
  if (checkout.stripeSessionId === null) return endUnopened(ctx, checkout, as);
  const result = await ctx.ports.stripe.expireCheckoutSession(checkout.stripeSessionId);
  if (result.outcome === 'done') return closeCheckout(ctx, checkout, as);
  // The session is not open, or Stripe did not answer: read its state. If that fails too, the sweep retries.
  const confirmed = await confirmPayment(ctx, checkoutId).catch((error: unknown) => {
    ctx.log.warn({ err: error, checkoutId }, 'a checkout that should end could not be checked');
    return 'waiting' as const;
  });
  return confirmed === 'paid' || confirmed === 'ended' ? confirmed : 'waiting';
}

/** No session is known: ask Stripe again, so that none stays open without our knowledge. */
async function endUnopened(ctx: Ctx, checkout: Checkout, as: 'expired' | 'canceled'): Promise<Ending> {
  const opening = await openSession(ctx, checkout);
  if (opening.state === 'refused') return closeCheckout(ctx, checkout, as);
  return opening.state === 'waiting' ? 'waiting' : endCheckout(ctx, checkout.id, as);
}
