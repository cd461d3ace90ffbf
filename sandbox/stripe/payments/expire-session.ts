import type Stripe from 'stripe';
import { getId } from '../core/get-id';
import type { World } from '../core/world';
import { emitEvent } from '../webhooks/emit-event';

/** Closes an open session and cancels a payment that was begun. Call inside `perform`. */
export function expireSession(world: World, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  const intent = world.tables.paymentIntent.get(getId(session.payment_intent));
  if (intent !== undefined && intent.status !== 'canceled') {
    const canceled = world.put('paymentIntent', {
      ...intent,
      canceled_at: world.clock.seconds(),
      cancellation_reason: 'expired',
      next_action: null,
      status: 'canceled',
    });
    emitEvent(world, 'payment_intent.canceled', canceled);
  }
  const expired = world.put('checkoutSession', { ...session, status: 'expired', url: null });
  emitEvent(world, 'checkout.session.expired', expired);
  return expired;
}
