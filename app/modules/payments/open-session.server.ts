import type { Ctx } from '~/platform/context';
import { addMs, MINUTE_MS } from '~/platform/dates';
import { invariant } from '~/platform/errors';
import { moveCheckout, type Checkout } from './checkout-store.server';
import { makeCall } from './stripe-calls.server';
import { SessionRequest, type StripeSession } from './stripe-port';

/** After this long without an answer the key is not tried again: the session is looked up by our own id (money.md §2). */
export const GIVE_UP_AFTER_MS = 8 * MINUTE_MS;

export type Opening =
  | { state: 'open'; url: string }
  /** Stripe has a session for it that is no longer open: paid, or expired. */
  | { state: 'over'; session: StripeSession }
  /** There is none and there will be none: the checkout can end. */
  | { state: 'refused'; message: string }
  | { state: 'waiting' };

/**
 * Opens the hosted page of a checkout, or finds the one that was opened by an earlier call. Calling it again is safe: the same key and
 * the same parameters give the same session. Never call it inside an atomic block.
 */
export async function openSession(ctx: Ctx, checkout: Checkout): Promise<Opening> {
  invariant(!ctx.inAtomic, 'Stripe is never called inside an atomic block');
  if (checkout.state === 'open' && checkout.stripeUrl !== null) return { state: 'open', url: checkout.stripeUrl };
  if (addMs(checkout.createdAt, GIVE_UP_AFTER_MS) <= ctx.now) return lookUp(ctx, checkout);
  const request = SessionRequest.parse(checkout.stripeParams);
  const result = await makeCall(ctx, checkout.id, () => ctx.ports.stripe.createCheckoutSession(request, checkout.id));
  if (result.outcome === 'done') return record(ctx, checkout, result.value);
  ctx.log.warn({ checkoutId: checkout.id, outcome: result.outcome, reason: result.message }, 'Stripe did not open a checkout');
  return result.outcome === 'not_done' && result.final ? { state: 'refused', message: result.message } : { state: 'waiting' };
}

async function lookUp(ctx: Ctx, checkout: Checkout): Promise<Opening> {
  const session = await ctx.ports.stripe.findSessionByCheckout(checkout.id, checkout.createdAt).catch((error: unknown) => {
    ctx.log.warn({ err: error, checkoutId: checkout.id }, 'Stripe could not be asked for the session of a checkout');
    return 'no answer' as const;
  });
  if (session === 'no answer') return { state: 'waiting' };
  return session ? record(ctx, checkout, session) : { state: 'refused', message: 'Stripe has no session for it.' };
}

async function record(ctx: Ctx, checkout: Checkout, answered: StripeSession): Promise<Opening> {
  await moveCheckout(ctx, checkout.id, 'open', { stripeSessionId: answered.id, stripeUrl: answered.url });
  if (answered.status === 'open' && answered.url !== null) return { state: 'open', url: answered.url };
  return { state: 'over', session: answered };
}
