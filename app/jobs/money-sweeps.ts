import { bookStripeFees, retryStripeWork, reconcileSessions } from '~/workflows/paying/reconcile-stripe.server';
import { finishClosingRefunds } from '~/workflows/failing/refund-unburned.server';
import { releaseVested, settleTransactions } from '~/workflows/releasing/release-vested.server';
import { freeOrphanedReservations, sweepCheckouts } from '~/workflows/paying/sweep-checkouts.server';
import { reconcileRefunds } from '~/workflows/paying/take-in-refund.server';
import { sweep, type Sweep } from './job';

const MINUTE = 60;

export const moneySweeps: Sweep[] = [
  sweep('checkouts.sweep', MINUTE, async (ctx) => void (await sweepCheckouts(ctx))),
  sweep('reservations.free_orphans', MINUTE, async (ctx) => void (await freeOrphanedReservations(ctx))),
  sweep('refunds.finish_closing', MINUTE, async (ctx) => void (await finishClosingRefunds(ctx))),
  sweep('stripe.mend', MINUTE, async (ctx) => void (await retryStripeWork(ctx))),
  sweep('stripe.reconcile', 60 * MINUTE, async (ctx) => {
    await reconcileSessions(ctx);
    await bookStripeFees(ctx);
    await reconcileRefunds(ctx);
  }),
  sweep('releases.vested', 5 * MINUTE, async (ctx) => void (await releaseVested(ctx))),
  sweep('transactions.settle', 15 * MINUTE, async (ctx) => void (await settleTransactions(ctx))),
];
