import { and, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import { rowsOf } from '~db/rows';
import { listings, reservations } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import { idToUuid, type CheckoutId, type ListingId, type SecretId } from '~/platform/ids';
import { centsToNano, nanoToCents } from '~/platform/money';
import { sellingListingStates as selling } from './listing-machine';
import type { Listing } from './listing-store.server';

const listingRows = rowsOf(listings);

export type SaleOutcome = { sold: true; secretId: SecretId; creditExpiresAt: Date } | { sold: false; why: string };

/**
 * Turns a paid reservation into a sale if the lot can still deliver. If it is suspended, failed, or has no token, the quantity is given
 * back and the caller refunds the payment in full. Call it once per checkout, inside an atomic block.
 */
export async function confirmSale(tx: Ctx, checkoutId: CheckoutId, listingId: ListingId): Promise<SaleOutcome> {
  const { sql: statement } = tx.db;
  const [row] = await statement`select ${statement(listingRows.names)} from listings where id = ${idToUuid(listingId)}::uuid for update`;
  const listing = row && listingRows.toModel(row);
  invariant(listing, 'a reserved listing exists');
  const deliverable =
    listing.secretId !== null && listing.state !== 'suspended' && listing.state !== 'failed' && listing.mendUntilAt === null;
  if (!deliverable || listing.secretId === null) {
    await giveBackReservations(tx, checkoutId, listingId);
    return { sold: false, why: listing.state === 'suspended' ? 'the lot was suspended' : 'the lot can no longer deliver' };
  }
  if (!(await sellReserved(tx, checkoutId, listingId))) return { sold: false, why: 'the reservation had ended' };
  return { sold: true, secretId: listing.secretId, creditExpiresAt: listing.creditExpiresAt };
}

/** Ends the live reservation and moves its amount to sold; false when there is none. */
async function sellReserved(tx: Ctx, checkoutId: CheckoutId, listingId: ListingId): Promise<boolean> {
  const now = tx.now.toISOString();
  const moved = await tx.db.sql`
    with ended as (
      update reservations set state = 'sold', ended_at = ${now}::timestamptz
      where checkout_id = ${idToUuid(checkoutId)}::uuid and listing_id = ${idToUuid(listingId)}::uuid and state = 'live' returning credit_nano
    )
    update listings set reserved_nano = reserved_nano - ended.credit_nano, sold_nano = sold_nano + ended.credit_nano, updated_at = ${now}::timestamptz
    from ended where id = ${idToUuid(listingId)}::uuid returning id`;
  return moved.length > 0;
}

/** Returns a checkout's reserved quantity to the market, or to withdrawn if the lot no longer sells. Repeating it changes nothing. */
export async function giveBackReservations(tx: Ctx, checkoutId: CheckoutId, only?: ListingId): Promise<void> {
  const rows = await tx.db
    .select({ listingId: reservations.listingId })
    .from(reservations)
    .where(
      and(eq(reservations.checkoutId, checkoutId), eq(reservations.state, 'live'), only ? eq(reservations.listingId, only) : undefined),
    )
    .orderBy(reservations.listingId);
  for (const { listingId } of rows) {
    const [listing] = await tx.db.select(unsold).from(listings).where(eq(listings.id, listingId)).for('update');
    const amount = await endReservation(tx, checkoutId, listingId);
    if (!listing || amount === null) continue;
    await tx.db
      .update(listings)
      .set({ reservedNano: sql`${listings.reservedNano} - ${amount}`, ...givenBack(listing, amount), updatedAt: tx.now })
      .where(eq(listings.id, listingId));
  }
}

/** Returns sold, unburned quantity after a refund: to the market while the lot sells, else to withdrawn. */
export async function returnSold(tx: Ctx, listingId: ListingId, creditNano: bigint): Promise<void> {
  if (creditNano === 0n) return;
  const [listing] = await tx.db.select(unsold).from(listings).where(eq(listings.id, listingId)).for('update');
  invariant(listing, 'a sold listing exists');
  await tx.db
    .update(listings)
    .set({ soldNano: sql`${listings.soldNano} - ${creditNano}`, ...givenBack(listing, creditNano), updatedAt: tx.now })
    .where(eq(listings.id, listingId));
}

const unsold = { state: listings.state, availableNano: listings.availableNano, withdrawnNano: listings.withdrawnNano };

/**
 * How returned quantity is split. Purchases are in whole cents, so the rest below a cent becomes withdrawn; otherwise a lot could never
 * sell out. Call it under the listing's lock.
 */
function givenBack(listing: Pick<Listing, keyof typeof unsold>, creditNano: bigint): Pick<Listing, 'availableNano' | 'withdrawnNano'> {
  const { availableNano, withdrawnNano } = listing;
  const sells = (selling as readonly string[]).includes(listing.state);
  const toMarket = sells ? centsToNano(nanoToCents(availableNano + creditNano, 'down')) - availableNano : 0n;
  return { availableNano: availableNano + toMarket, withdrawnNano: withdrawnNano + creditNano - toMarket };
}

async function endReservation(tx: Ctx, checkoutId: CheckoutId, listingId: ListingId): Promise<bigint | null> {
  const [row] = await tx.db
    .update(reservations)
    .set({ state: 'given_back', endedAt: tx.now })
    .where(and(eq(reservations.checkoutId, checkoutId), eq(reservations.listingId, listingId), inArray(reservations.state, ['live'])))
    .returning({ creditNano: reservations.creditNano });
  return row?.creditNano ?? null;
}

/** Checkouts with a live reservation older than `createdBefore`, by key after `after`. */
export async function liveReservations(ctx: Ctx, createdBefore: Date, after: CheckoutId | null, limit: number): Promise<CheckoutId[]> {
  const rows = await ctx.db
    .selectDistinct({ checkoutId: reservations.checkoutId })
    .from(reservations)
    .where(
      and(
        eq(reservations.state, 'live'),
        lte(reservations.createdAt, createdBefore),
        after ? gt(reservations.checkoutId, after) : undefined,
      ),
    )
    .orderBy(reservations.checkoutId)
    .limit(limit);
  return rows.map((row) => row.checkoutId);
}
