import { giveBackReservations, liveReservations } from '~/modules/listings/index.server';
import { checkoutsToLookAt, existingCheckouts, type Checkout } from '~/modules/payments/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { addMs, MINUTE_MS } from '~/platform/dates';
import type { CheckoutId } from '~/platform/ids';
import { readBatches } from '~/platform/paging';
import { confirmPayment } from './confirm-payment.server';
import { endCheckout } from './end-checkout.server';

const CHECKOUTS = { size: 100, atMost: 20, keyOf: ({ id }: Checkout) => id };
const RESERVATIONS = { size: 500, atMost: 20, keyOf: (id: CheckoutId) => id };

/** Confirms abandoned checkouts: those without an answer from Stripe, and those past their time. */
export async function sweepCheckouts(ctx: Ctx): Promise<number> {
  const times = { startedBefore: addMs(ctx.now, -MINUTE_MS), expiredBefore: addMs(ctx.now, -MINUTE_MS) };
  let count = 0;
  for await (const rows of readBatches(CHECKOUTS, (after, size) => checkoutsToLookAt(ctx, times, after, size))) {
    for (const row of rows) count += await lookAt(ctx, row);
  }
  return count;
}

/** Logs a failure, so that the sweep continues; the next sweep retries it. */
async function lookAt(ctx: Ctx, checkout: Checkout): Promise<number> {
  try {
    const state = await confirmPayment(ctx, checkout.id);
    if (state === 'open' && checkout.expiresAt <= ctx.now) await endCheckout(ctx, checkout.id, 'expired');
    return 1;
  } catch (error) {
    ctx.log.error({ err: error, checkoutId: checkout.id }, 'a checkout could not be checked');
    return 0;
  }
}

/** Returns quantity to the market that was reserved over two minutes ago for a checkout that was never written. */
export async function freeOrphanedReservations(ctx: Ctx): Promise<number> {
  const before = addMs(ctx.now, -2 * MINUTE_MS);
  let count = 0;
  for await (const live of readBatches(RESERVATIONS, (after, size) => liveReservations(ctx, before, after, size))) {
    const known = await existingCheckouts(ctx, live);
    const orphans = live.filter((id) => !known.has(id));
    for (const checkoutId of orphans) await atomic(ctx, (tx) => giveBackReservations(tx, checkoutId));
    count += orphans.length;
  }
  return count;
}
