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

/** Looks at the checkouts that nobody may come back to: those Stripe never answered for, and those whose time is over. */
export async function sweepCheckouts(ctx: Ctx): Promise<number> {
  const times = { startedBefore: addMs(ctx.now, -MINUTE_MS), expiredBefore: addMs(ctx.now, -MINUTE_MS) };
  let count = 0;
  for await (const rows of readBatches(CHECKOUTS, (after, size) => checkoutsToLookAt(ctx, times, after, size))) {
    for (const row of rows) count += await lookAt(ctx, row);
  }
  return count;
}

/** One that cannot be asked about now does not hold up the others; the next sweep comes to it again. */
async function lookAt(ctx: Ctx, checkout: Checkout): Promise<number> {
  try {
    const state = await confirmPayment(ctx, checkout.id);
    if (state === 'open' && checkout.expiresAt <= ctx.now) await endCheckout(ctx, checkout.id, 'expired');
    return 1;
  } catch (error) {
    ctx.log.error({ err: error, checkoutId: checkout.id }, 'a checkout could not be looked at');
    return 0;
  }
}

/** Quantity that was set aside two minutes ago for a checkout that was never written goes back on the market. */
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
