import { findCheckout, findCheckoutBySession, findCheckoutIfAny, openSession, type Checkout } from '~/modules/payments/index.server';
import type { StripeSession } from '~/modules/payments/stripe-port';
import type { Ctx, Db } from '~/platform/context';
import { invariant } from '~/platform/errors';
import { isId, type CheckoutId } from '~/platform/ids';
import { closeCheckout } from './close-checkout.server';
import { takePayment } from './take-payment.server';

/** `open`: not paid yet. `waiting`: Stripe has not answered whether it opened a page. */
export type Confirmation = 'paid' | 'ended' | 'open' | 'waiting';

/**
 * Reads a checkout's state from Stripe and acts on it. Webhook, return page and reconciliation all call this, in any order and any number
 * of times: a payment is taken once.
 */
export async function confirmPayment(ctx: Ctx, checkoutId: CheckoutId): Promise<Confirmation> {
  return confirmCheckout(ctx, await findCheckout(ctx, checkoutId));
}

/** `confirmPayment` for a checkout that was just read. */
export async function confirmCheckout(ctx: Ctx, checkout: Checkout): Promise<Confirmation> {
  if (checkout.state === 'paid') return 'paid';
  const sessionId = checkout.stripeSessionId;
  if (sessionId === null) return confirmUnopened(ctx, checkout);
  return unlessJustPaid(ctx, sessionId, async () => {
    const session = await ctx.ports.stripe.retrieveCheckoutSession(sessionId);
    invariant(session, `Stripe knows the session ${sessionId}`);
    return actOn(ctx, checkout, session);
  });
}

/**
 * `confirmPayment` for a session of a Stripe event. Finds the checkout even if Stripe's answer that named the session was lost. A paid
 * checkout needs no request to Stripe.
 */
export async function confirmSession(ctx: Ctx, sessionId: string): Promise<Confirmation | 'not_ours'> {
  return unlessJustPaid(ctx, sessionId, async () => {
    const known = await findCheckoutBySession(ctx, sessionId);
    if (known?.state === 'paid') return 'paid';
    const session = await ctx.ports.stripe.retrieveCheckoutSession(sessionId);
    if (!session || !isId('checkout', session.checkoutId)) return 'not_ours';
    const checkout = known ?? (await findCheckoutIfAny(ctx, session.checkoutId));
    return checkout ? actOn(ctx, checkout, session) : 'not_ours';
  });
}

type Answer = Confirmation | 'not_ours';

/** Requests under way in this process, by session. Global, since pages and server are bundled apart. */
const shared = globalThis as typeof globalThis & { creditMartAsking?: WeakMap<Db, Map<string, Promise<Answer>>> };

/**
 * Webhook and return page usually arrive together: the second waits for the first and is done if that one took the payment. Any other
 * result may be outdated, so the second asks Stripe itself.
 */
async function unlessJustPaid<Own extends Answer>(ctx: Ctx, sessionId: string, ask: () => Promise<Own>): Promise<Own | 'paid'> {
  const asking = (shared.creditMartAsking ??= new WeakMap());
  const others = asking.get(ctx.db) ?? new Map<string, Promise<Answer>>();
  asking.set(ctx.db, others);
  const other = await others.get(sessionId)?.catch(() => null);
  if (other === 'paid') return 'paid';
  const own = ask();
  others.set(sessionId, own);
  try {
    return await own;
  } finally {
    if (others.get(sessionId) === own) others.delete(sessionId);
  }
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
