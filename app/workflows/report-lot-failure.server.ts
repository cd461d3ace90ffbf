import { z } from 'zod';
import { liftPause, pauseForCheck, type Listing } from '~/modules/listings/index.server';
import { freezeGrants, thawGrants } from '~/modules/metering/index.server';
import { howToMend, lotFailureReasons, whatFailed } from '~/modules/metering/lot-failure';
import { lotMendedForBuyer, lotMendedForSeller, lotPausedForBuyer, lotPausedForSeller } from '~/modules/notifications/mails/lots';
import { notifyUser } from '~/modules/notifications/index.server';
import { currentPolicy } from '~/modules/policy/index.server';
import { freezeTransactions, thawTransactions } from '~/modules/transactions/index.server';
import { paths } from '~/paths';
import { asSystem, atomic, type Ctx } from '~/platform/context';
import { addMs, formatDateTime, HOUR_MS } from '~/platform/dates';
import { idSchema, type ListingId } from '~/platform/ids';

export const LotFailureInput = z.object({
  listingId: idSchema('listing'),
  reason: z.enum(lotFailureReasons),
  /** For our log, not for readers. */
  detail: z.string().max(500),
});

/**
 * A lot has shown that it cannot deliver (docs/design.md#when-a-lot-fails): the listing pauses, purchases and grants on it freeze, seller and buyers are told,
 * and the seller's time to mend it begins. A report while a check is open only freezes what was bought since.
 */
export async function reportLotFailure(ctx: Ctx, input: z.input<typeof LotFailureInput>): Promise<void> {
  const { listingId, reason, detail } = LotFailureInput.parse(input);
  const what = whatFailed(reason);
  await atomic(asSystem(ctx, 'lot watch'), async (tx) => {
    const { rules } = await currentPolicy(tx);
    const mendUntilAt = addMs(tx.now, rules.mendHours * HOUR_MS);
    const listing = await pauseForCheck(
      tx,
      listingId,
      `${what}.`.replace(/^./, (first) => first.toUpperCase()),
      mendUntilAt,
    );
    const frozen = await freezeTransactions(
      tx,
      listingId,
      `Paused because ${what}. The seller has until ${formatDateTime(mendUntilAt)} to mend it; you may take the refund now.`,
    );
    await freezeGrants(tx, listingId, reason);
    for (const transaction of frozen) {
      const url = `${tx.config.publicUrl}${paths.transaction(transaction.id)}`;
      await notifyUser(tx, transaction.buyerId, lotPausedForBuyer({ what, faceNano: transaction.faceNano, mendUntilAt, url }));
    }
    if (!listing) return;
    tx.log.warn({ listingId, reason, detail }, 'a lot failed a check');
    await notifyUser(tx, listing.sellerId, lotPausedForSeller({ what, mend: howToMend(reason), mendUntilAt, url: sellerUrl(tx, listing) }));
  });
}

/** A working token of the same account is here, or the re-check passed: all that was paused and frozen goes on. */
export async function mendLot(ctx: Ctx, listingId: ListingId): Promise<void> {
  await atomic(asSystem(ctx, 'lot watch'), async (tx) => {
    const listing = await liftPause(tx, listingId);
    if (!listing) return;
    const thawed = await thawTransactions(tx, listingId);
    await thawGrants(tx, listingId, listing.secretId ?? undefined);
    for (const transaction of thawed) {
      const url = `${tx.config.publicUrl}${paths.transaction(transaction.id)}`;
      await notifyUser(tx, transaction.buyerId, lotMendedForBuyer({ faceNano: transaction.faceNano, url }));
    }
    await notifyUser(tx, listing.sellerId, lotMendedForSeller({ url: sellerUrl(tx, listing) }));
  });
}

function sellerUrl(tx: Ctx, listing: Listing): string {
  return `${tx.config.publicUrl}${paths.sellListing(listing.id)}`;
}
