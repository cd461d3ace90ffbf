import type { Ctx } from '~/platform/context';
import { addMs, MINUTE_MS } from '~/platform/dates';
import { invariant } from '~/platform/errors';
import { idToUuid, type CheckoutId } from '~/platform/ids';
import { checkoutTransitions } from './checkout-machine';
import { moveCheckout, type Checkout } from './checkout-store.server';
import { makeCall, noteOutcome } from './call-store.server';
import { SessionRequest, type StripeSession } from './stripe-port';

/** After this long without an answer the key is not reused: the session is looked up by our own id (docs/money.md#the-flow). */
export const GIVE_UP_AFTER_MS = 8 * MINUTE_MS;

export type Opening =
  | { state: 'open'; url: string }
  /** Stripe has its session, but it is paid or expired. */
  | { state: 'over'; session: StripeSession }
  /** No session exists and none will: the checkout can end. */
  | { state: 'refused'; message: string }
  | { state: 'waiting' };

/**
 * Opens Stripe's hosted page for a checkout, or returns the one that is open. Safe to repeat: the same key and parameters give the same
 * session. Never call it inside an atomic block.
 */
export async function openSession(ctx: Ctx, checkout: Checkout): Promise<Opening> {
  invariant(!ctx.inAtomic, 'Stripe is never called inside an atomic block');
  if (checkout.state === 'open' && checkout.stripeUrl !== null) return { state: 'open', url: checkout.stripeUrl };
  if (addMs(checkout.createdAt, GIVE_UP_AFTER_MS) <= ctx.now) return lookUp(ctx, checkout);
  const request = SessionRequest.parse(checkout.stripeParams);
  const result = await makeCall(
    ctx,
    checkout.id,
    () => ctx.ports.stripe.createCheckoutSession(request, checkout.id),
    (answer) => (answer.outcome === 'done' ? noteOpened(ctx, checkout.id, answer.value) : noteOutcome(ctx, checkout.id, answer)),
  );
  if (result.outcome === 'done') return toOpening(result.value);
  ctx.log.warn({ checkoutId: checkout.id, outcome: result.outcome, reason: result.message }, 'Stripe did not open a checkout');
  return result.outcome === 'not_done' && result.final ? { state: 'refused', message: result.message } : { state: 'waiting' };
}

async function lookUp(ctx: Ctx, checkout: Checkout): Promise<Opening> {
  const session = await ctx.ports.stripe.findSessionByCheckout(checkout.id, checkout.createdAt).catch((error: unknown) => {
    ctx.log.warn({ err: error, checkoutId: checkout.id }, 'Stripe could not be asked for the session of a checkout');
    return 'no answer' as const;
  });
  if (session === 'no answer') return { state: 'waiting' };
  if (!session) return { state: 'refused', message: 'Stripe has no session for it.' };
  await moveCheckout(ctx, checkout.id, 'open', { stripeSessionId: session.id, stripeUrl: session.url });
  return toOpening(session);
}

function toOpening(session: StripeSession): Opening {
  return session.status === 'open' && session.url !== null ? { state: 'open', url: session.url } : { state: 'over', session };
}

const { from, to } = checkoutTransitions.open;

/** Stripe opened the page: records the outcome of the call and the checkout's step in one statement. */
async function noteOpened(ctx: Ctx, checkoutId: CheckoutId, session: StripeSession): Promise<void> {
  const { sql } = ctx.db;
  await sql`
    with noted as (
      update stripe_calls
      set outcome = 'done', attempts = attempts + 1, stripe_id = ${session.id}, failure = null, updated_at = ${ctx.now.toISOString()}::timestamptz
      where idempotency_key = ${checkoutId}
    )
    update checkouts set state = ${to}, stripe_session_id = ${session.id}, stripe_url = ${session.url}
    where id = ${idToUuid(checkoutId)}::uuid and state in ${sql([...from])}`;
}
