import { addSellerFailure } from '~/modules/accounts/index.server';
import { copySellerFacts, failListing, isPastMending, listingsPastMending, findSellerId } from '~/modules/listings/index.server';
import { closeGrant, findUnburnedTransactions } from '~/modules/metering/index.server';
import { lotFailedForSeller } from '~/modules/notifications/mails/lots';
import { notifyUser } from '~/modules/notifications/index.server';
import { transactionsHeldOn } from '~/modules/transactions/index.server';
import { paths } from '~/paths';
import { asSystem, atomic, type Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import type { ListingId, TransactionId } from '~/platform/ids';
import { countSellersBurns } from '~/workflows/burning/count-burns.server';
import { refundUnburned } from './refund-unburned.server';

const REASON = 'The lot was not mended in time.';

/** Fails the lots whose time to mend has passed. Bounded per run; one that cannot be failed does not hold up the others. */
export async function failOverdueLots(ctx: Ctx): Promise<void> {
  for (const listingId of await listingsPastMending(ctx)) {
    await failLot(ctx, listingId).catch((error: unknown) => ctx.log.error({ err: error, listingId }, 'a lot could not be failed'));
  }
}

/**
 * The lot has failed for good: the unburned part of every purchase from it is refunded, each in a block of its own, and then the listing
 * ends and its seller's count of burned credit starts anew. A crash in between leaves the listing past its time to mend, so that the next sweep goes on; repeating it changes nothing. A lot
 * that was mended in time is left alone.
 */
export async function failLot(ctx: Ctx, listingId: ListingId): Promise<void> {
  const system = asSystem(ctx, 'lot watch');
  if (!(await isPastMending(system, listingId))) return;
  await refundAll(system, listingId);
  const sellerId = await findSellerId(system, listingId);
  const failed = await atomic(system, async (tx) => {
    await countSellersBurns(tx, sellerId);
    if (!(await isPastMending(tx, listingId))) return false;
    await addSellerFailure(tx, sellerId);
    // Before the listing ends: facts are not copied onto ended listings, and this one shows its own failure.
    await copySellerFacts(tx, [sellerId]);
    const listing = await failListing(tx, listingId, REASON);
    invariant(listing, 'a listing past its time to mend, under lock, has not failed before');
    await notifyUser(
      tx,
      listing.sellerId,
      lotFailedForSeller({
        lot: listing,
        what: listing.stateReason ?? REASON,
        url: `${tx.config.publicUrl}${paths.sellListing(listingId)}`,
      }),
    );
    return true;
  });
  if (failed) await refundAll(system, listingId);
}

/**
 * Whatever is held on the lot comes to its end, also what was burned to the last and not released before it froze. And it closes what is
 * past its settlement day: there the refund promise has ended, and so has the credit. Each is tried for itself: one that cannot be refunded
 * keeps none of the others waiting.
 * @throws Error when any was left, after all were tried, so that the lot stays past its time to mend and the next sweep comes back to it.
 */
async function refundAll(ctx: Ctx, listingId: ListingId): Promise<void> {
  const held = await transactionsHeldOn(ctx, listingId);
  let left = 0;
  for (const transactionId of new Set([...held, ...(await findUnburnedTransactions(ctx, listingId))])) {
    await refundOne(ctx, transactionId).catch((error: unknown) => {
      ctx.log.error({ err: error, transactionId, listingId }, 'a purchase of a failed lot could not be refunded');
      left += 1;
    });
  }
  if (left > 0) throw new Error(`${left} purchases of the lot could not be refunded`);
}

async function refundOne(ctx: Ctx, transactionId: TransactionId): Promise<void> {
  const { state } = await refundUnburned(ctx, { transactionId, reason: REASON });
  if (state === 'nothing') await atomic(ctx, (tx) => closeGrant(tx, { transactionId, as: 'failed' }));
}
