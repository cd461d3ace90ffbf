import { findCheckout, findCheckoutBySession, openSession, type Checkout } from '~/modules/payments/index.server';
import type { StripeSession } from '~/modules/payments/stripe-port';
import type { Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import { isId, type CheckoutId } from '~/platform/ids';
import { closeCheckout } from './close-checkout.server';
import { takePayment } from './take-payment.server';

/** `open`: not paid yet. `waiting`: Stripe has not answered whether it opened a page. */
export type Confirmation = 'paid' | 'ended' | 'open' | 'waiting';

/**
 * Asks Stripe what became of a checkout and acts on the answer. Webhook, return page and reconciliation all come here, in any order, as
 * often as they like: a payment is taken once.
 */
export async function confirmPayment(ctx: Ctx, checkoutId: CheckoutId): Promise<Confirmation> {
  const checkout = await findCheckout(ctx, checkoutId);
  if (checkout.state === 'paid') return 'paid';
  if (checkout.stripeSessionId === null) return confirmUnopened(ctx, checkout);
  const session = await ctx.ports.stripe.retrieveCheckoutSession(checkout.stripeSessionId);
  invariant(session, `Stripe knows the session ${checkout.stripeSessionId}`);
  return actOn(ctx, checkout, session);
}

/**
 * Stripe tells of a session: it leads to its checkout even if the answer that named it to us was lost. One whose payment was taken, by the
 * buyer's return, needs no answer of Stripe.
 */
export async function confirmSession(ctx: Ctx, sessionId: string): Promise<Confirmation | 'not_ours'> {
  const known = await findCheckoutBySession(ctx, sessionId);
  if (known?.state === 'paid') return 'paid';
  const session = await ctx.ports.stripe.retrieveCheckoutSession(sessionId);
  if (!session || !isId('checkout', session.checkoutId)) return 'not_ours';
  const checkout = await findCheckout(ctx, session.checkoutId).catch(() => null);
  return checkout ? actOn(ctx, checkout, session) : 'not_ours';
}

async function confirmUnopened(ctx: Ctx, checkout: Checkout): Promise<Confirmation> {
  if (checkout.state !== 'starting') return 'ended';
  const opening = await openSession(ctx, checkout);
  switch (opening.state) {
    case 'open':
      return 'open';
    case 'waiting':
      return 'waiting';
    case 'over':
      return confirmPayment(ctx, checkout.id);
    case 'refused':
      return closeCheckout(ctx, checkout, 'canceled');
  }
}

async function actOn(ctx: Ctx, checkout: Checkout, session: StripeSession): Promise<Confirmation> {
  if (checkout.state === 'paid') return 'paid';
  if (session.status === 'complete' && session.paid) {
    await takePayment(ctx, checkout, session);
    return 'paid';
  }
  if (session.status === 'expired' && (checkout.state === 'starting' || checkout.state === 'open')) {
    return closeCheckout(ctx, checkout, 'expired');
  }
  return checkout.state === 'starting' || checkout.state === 'open' ? 'open' : 'ended';
}
