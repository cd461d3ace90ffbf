import type { Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import { invalid } from '~/platform/errors';
import { idToUuid, newId, type CheckoutId, type ListingId, type UserId } from '~/platform/ids';
import { formatCents } from '~/platform/money';
import type { PurchaseAmounts } from './purchase-amounts';
import { sumSpending, type Spending } from './transaction-store.server';

/** A buyer counts as new until this long after the first paid purchase: by then a stolen card has shown. */
const NEW_FOR_DAYS = 7;

export interface NewTransaction extends PurchaseAmounts {
  checkoutId: CheckoutId;
  buyerId: UserId;
  sellerId: UserId;
  listingId: ListingId;
  creditNano: bigint;
  discountBps: number;
  policyVersion: number;
  creditExpiresAt: Date;
  /** The text by which the buyer agreed to immediate use; null until the buyer of an accepted offer comes to pay. */
  useConsentVersion: string | null;
}

/** Starts a purchase: a transaction that awaits its payment, with all amounts fixed. Call inside an atomic block. */
export async function createTransaction(tx: Ctx, facts: NewTransaction): Promise<void> {
  const now = tx.now.toISOString();
  await tx.db.sql`
    with begun as (
      insert into transactions (id, checkout_id, buyer_id, seller_id, listing_id, state, credit_nano, discount_bps, price_cents, fee_cents,
        seller_total_cents, policy_version, credit_expires_at, created_at, use_consent_version, use_consent_at)
      values (${idToUuid(newId('transaction', tx.now))}::uuid,
        ${idToUuid(facts.checkoutId)}::uuid, ${idToUuid(facts.buyerId)}::uuid, ${idToUuid(facts.sellerId)}::uuid, ${idToUuid(facts.listingId)}::uuid, 'awaiting_payment',
        ${facts.creditNano.toString()}::bigint, ${facts.discountBps}::int, ${facts.priceCents.toString()}::bigint,
        ${facts.feeCents.toString()}::bigint, ${facts.sellerTotalCents.toString()}::bigint, ${facts.policyVersion}::int,
        ${facts.creditExpiresAt.toISOString()}::timestamptz, ${now}::timestamptz,
        ${facts.useConsentVersion}, case when ${facts.useConsentVersion}::text is null then null else ${now}::timestamptz end)
      returning id
    )
    insert into transaction_events (id, transaction_id, kind, sentence, created_at)
    select ${idToUuid(newId('event', tx.now))}::uuid, id, 'started',
      ${`Checkout opened for ${formatCents(facts.priceCents)}.`}, ${now}::timestamptz from begun`;
}

export interface BuyerStanding {
  isNew: boolean;
}

/** Locks a buyer until the block ends, so that two tabs cannot both use the same room under the daily limit. */
export async function lockBuyer(tx: Ctx, buyerId: UserId): Promise<void> {
  await tx.db.sql`select pg_advisory_xact_lock(hashtext(${`buyer:${buyerId}`}))`;
}

/** What a buyer has spent within 24 hours. Call it behind `lockBuyer`, in the block that creates the transaction. */
export async function sumSpendingOfDay(tx: Ctx, buyerId: UserId): Promise<Spending> {
  return sumSpending(tx, buyerId, addDays(tx.now, -1));
}

/** What a new buyer may still pay today, in cents; null for others. Without the lock it is only a hint. */
export function computeBuyerRoom(ctx: Ctx, { cents, firstPaidAt }: Spending, maxPerDayCents: bigint): bigint | null {
  const isNew = firstPaidAt === null || addDays(firstPaidAt, NEW_FOR_DAYS) > ctx.now;
  if (!isNew) return null;
  return maxPerDayCents > cents ? maxPerDayCents - cents : 0n;
}

/** Enforces the daily limit for new buyers (docs/design.md#rules-of-the-market). @throws 422 with the amount that is still possible. */
export function requireRoomForBuyer(ctx: Ctx, spending: Spending, priceCents: bigint, maxPerDayCents: bigint): BuyerStanding {
  const left = computeBuyerRoom(ctx, spending, maxPerDayCents);
  if (left !== null && priceCents > left)
    throw invalid(
      'amount',
      `New buyers pay at most ${formatCents(maxPerDayCents)} in 24 hours. ${formatCents(left)} of that is left for you now.`,
      'new_buyer_limit',
    );
  return { isNew: left !== null };
}
