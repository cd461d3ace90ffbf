import { z } from 'zod';
import { doubtCredit, liftPause, orderProbe, pauseForCheck, type Listing } from '~/modules/listings/index.server';
import { freezeGrants, slowGrants, thawGrants } from '~/modules/metering/index.server';
import { howToMend, lacksCredit, lotFailureReasons, whatFailed } from '~/modules/metering/lot-failure';
import { lotMendedForBuyer, lotMendedForSeller, lotPausedForBuyer, lotPausedForSeller } from '~/modules/notifications/mails/lots';
import { notifyUser } from '~/modules/notifications/index.server';
import { currentPolicy } from '~/modules/policy/index.server';
import { freezeTransactions, thawTransactions } from '~/modules/transactions/index.server';
import { paths } from '~/paths';
import { asSystem, atomic, type Ctx } from '~/platform/context';
import { addMs, formatDateTime, MINUTE_MS } from '~/platform/dates';
import { idSchema, type ListingId } from '~/platform/ids';

export const LotFailureInput = z.object({
  listingId: idSchema('listing'),
  reason: z.enum(lotFailureReasons),
  /** For our log, not for readers. */
  detail: z.string().max(500),
});

/**
 * A lot has shown that it cannot deliver (docs/design.md#when-a-lot-fails): pauses the listing, freezes its purchases and grants, mails seller
 * and buyers, and starts the seller's time to mend it. While a check is open, a report only freezes later purchases. After a lack of
 * credit only a successful run mends the lot (probe-lots).
 */
export async function reportLotFailure(ctx: Ctx, input: z.input<typeof LotFailureInput>): Promise<void> {
  const { listingId, reason, detail } = LotFailureInput.parse(input);
  const what = whatFailed(reason);
  await atomic(asSystem(ctx, 'lot watch'), async (tx) => {
    const { mendHours } = (await currentPolicy(tx)).rules;
    const { listing, opened } = await pauseForCheck(tx, listingId, {
      reason: asSentence(what),
      mendHours,
      creditLacks: lacksCredit(reason),
    });
    const mendUntilAt = listing.mendUntilAt ?? tx.now;
    const frozen = await freezeTransactions(
      tx,
      listingId,
      `Paused because ${what}. The seller has until ${formatDateTime(mendUntilAt)} to mend it; you may take the refund now.`,
    );
    await freezeGrants(tx, listingId, reason);
    for (const transaction of frozen) {
      const url = `${tx.config.publicUrl}${paths.transaction(transaction.id)}`;
      await notifyUser(tx, transaction.buyerId, lotPausedForBuyer({ what, creditNano: transaction.creditNano, mendUntilAt, url }));
    }
    if (!opened) return;
    tx.log.warn({ listingId, reason, detail }, 'a lot failed a check');
    await notifyUser(
      tx,
      listing.sellerId,
      lotPausedForSeller({ lot: listing, what, mend: howToMend(reason), mendUntilAt, url: sellerUrl(tx, listing) }),
    );
  });
}

/** After a hint of low credit new runs use other lots for this time; then a probe checks the lot. */
const SLOW_MS = MINUTE_MS;

/**
 * Replicate throttled a run and mentioned low credit. It does so for accounts with $18.52 and less, so nothing freezes. New runs use the
 * wallet's other lots for a minute; then a probe shows whether there is credit.
 */
export async function reportLowCredit(ctx: Ctx, listingId: ListingId): Promise<void> {
  await atomic(asSystem(ctx, 'lot watch'), async (tx) => {
    const doubted = await doubtCredit(tx, listingId);
    if (doubted) await orderProbe(tx, doubted, addMs(tx.now, SLOW_MS));
    await slowGrants(tx, listingId, addMs(tx.now, SLOW_MS));
  });
}

function asSentence(what: string): string {
  return `${what}.`.replace(/^./, (first) => first.toUpperCase());
}

/**
 * Resumes a paused lot and its frozen purchases, after a working token of the same account or a successful probe. Changes nothing while
 * the lot's credit is in doubt, or once its time to mend is over.
 */
export async function mendLot(ctx: Ctx, listingId: ListingId): Promise<void> {
  await atomic(asSystem(ctx, 'lot watch'), async (tx) => {
    const listing = await liftPause(tx, listingId);
    if (!listing) return;
    const thawed = await thawTransactions(tx, listingId);
    await thawGrants(tx, listingId, listing.secretId ?? undefined);
    for (const transaction of thawed) {
      const url = `${tx.config.publicUrl}${paths.transaction(transaction.id)}`;
      await notifyUser(tx, transaction.buyerId, lotMendedForBuyer({ creditNano: transaction.creditNano, url }));
    }
    await notifyUser(tx, listing.sellerId, lotMendedForSeller({ lot: listing, url: sellerUrl(tx, listing) }));
  });
}

function sellerUrl(tx: Ctx, listing: Listing): string {
  return `${tx.config.publicUrl}${paths.sellListing(listing.id)}`;
}
