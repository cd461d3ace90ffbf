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

/** Fails the lots whose time to mend has passed. Bounded per run; an error is logged and the others continue. */
export async function failOverdueLots(ctx: Ctx): Promise<void> {
  for (const listingId of await listingsPastMending(ctx)) {
    await failLot(ctx, listingId).catch((error: unknown) => ctx.log.error({ err: error, listingId }, 'a lot could not be failed'));
  }
}

/**
 * Fails a lot: refunds the unburned part of every purchase, each in its own block, then ends the listing and resets the seller's count of
 * burned credit. After a crash the next sweep continues; repeating it changes nothing. A lot mended in time is left alone.
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
 * Refunds or completes every purchase with held money, and closes grants past their settlement day, which get no refund. Each is tried
 * on its own, so that one failure does not stop the others.
 * @throws Error after all were tried if any failed, so that the next sweep returns to the lot.
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
