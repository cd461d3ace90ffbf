import { stripeFeeTaken } from '~/modules/ledger/flows';
import { post } from '~/modules/ledger/index.server';
import { findCheckoutIfAny, paymentsWithoutFee, recordFee, refundsWaiting, unprocessedEvents } from '~/modules/payments/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { addMs, HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { isId, type CheckoutId } from '~/platform/ids';
import { confirmSession } from './confirm-payment.server';
import { processStripeEvent } from './process-stripe-event.server';
import { makeRefund } from './take-in-refund.server';

const LOOK_BACK_MS = 48 * HOUR_MS;
const BOUND = 500;

/**
 * Retries the work of dead jobs: events that were not processed, refunds that were not made. It calls the same idempotent steps as the
 * jobs.
 */
export async function retryStripeWork(ctx: Ctx): Promise<number> {
  let mended = 0;
  for (const event of await unprocessedEvents(ctx, addMs(ctx.now, -MINUTE_MS), BOUND)) {
    if (await logFailure(ctx, { eventId: event.id }, processStripeEvent(ctx, event.id))) mended += 1;
  }
  for (const refund of await refundsWaiting(ctx, addMs(ctx.now, -2 * MINUTE_MS), BOUND)) {
    if (await logFailure(ctx, { refundId: refund.id }, makeRefund(ctx, refund.id))) mended += 1;
  }
  return mended;
}

/** Takes payments that Stripe completed in the last 48 hours without our noticing. */
export async function reconcileSessions(ctx: Ctx): Promise<number> {
  let found = 0;
  for await (const session of ctx.ports.stripe.completedSessions(addMs(ctx.now, -LOOK_BACK_MS))) {
    if (await isTaken(ctx, session.checkoutId)) continue;
    if (await logFailure(ctx, { sessionId: session.id }, confirmSession(ctx, session.id))) found += 1;
  }
  return found;
}

/**
 * Books Stripe's fees that were unknown when the payment was taken. Repeating it posts nothing twice.
 */
export async function bookStripeFees(ctx: Ctx): Promise<number> {
  let booked = 0;
  for (const { checkoutId, sessionId } of await paymentsWithoutFee(ctx, addMs(ctx.now, -LOOK_BACK_MS), BOUND)) {
    if (await logFailure(ctx, { checkoutId }, bookFee(ctx, checkoutId, sessionId))) booked += 1;
  }
  return booked;
}

async function bookFee(ctx: Ctx, checkoutId: CheckoutId, sessionId: string): Promise<void> {
  const paid = (await ctx.ports.stripe.retrieveCheckoutSession(sessionId))?.payment;
  if (!paid || paid.chargeId === null || paid.feeCents === null) return;
  const { chargeId, feeCents, cardLastFour } = paid;
  await atomic(ctx, async (tx) => {
    await recordFee(tx, checkoutId, { stripeChargeId: chargeId, stripeFeeCents: feeCents, cardLastFour });
    await post(tx, stripeFeeTaken(chargeId, feeCents));
  });
}

async function isTaken(ctx: Ctx, checkoutId: string | null): Promise<boolean> {
  if (!isId('checkout', checkoutId)) return true;
  const checkout = await findCheckoutIfAny(ctx, checkoutId);
  return checkout === null || checkout.state === 'paid';
}

/** Logs a failure, so that the others continue. Returns whether it succeeded. */
async function logFailure(ctx: Ctx, facts: Record<string, string>, work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    ctx.log.error({ err: error, ...facts }, 'reconciliation could not mend one');
    return false;
  }
}
