import type { PendingQuery } from 'postgres';
import type { Ctx } from '~/platform/context';
import { idToUuid, newId, type CheckoutId, type ListingId, type UserId } from '~/platform/ids';
import { plainArray } from '~/platform/pg-array';

export interface ReserveQuantity {
  listingId: ListingId;
  checkoutId: CheckoutId;
  buyerId: UserId;
  creditNano: bigint;
  /**
   * The discount the buyer saw. A price that has risen since is a 409, one that fell is the buyer's. Null for an accepted offer: its price
   * and its amount are what the seller agreed to, so no minimum holds.
   */
  shownDiscountBps: number | null;
  /** Smallest purchase in cents of price, from the market's rules. */
  minPurchaseCents: bigint;
  /** No sale with less than this many days to the credit's expiry. */
  minDaysLeft: number;
}

/** What became of a request; `request` counts from 1. */
export interface ReservationRow {
  request: number;
  outcome:
    'reserved' | 'not_found' | 'own_listing' | 'same_account' | 'not_on_sale' | 'too_late' | 'price_changed' | 'sold_out' | 'below_minimum';
  credit_nano: string;
  available_nano: string;
  min_nano: string;
  seller_id: string;
  discount_bps: number;
  price_version: number;
  credit_expires_at: string;
  secret_id: string;
}

/** Reserves the amount if all rules allow it; returns no row otherwise. */
export function reserveOne(ctx: Ctx, listingId: ListingId, request: ReserveQuantity): PendingQuery<ReservationRow[]> {
  const [now, credit, buyerId] = [ctx.now.toISOString(), request.creditNano.toString(), idToUuid(request.buyerId)];
  return ctx.db.sql<ReservationRow[]>`
    with taken as (
      update listings l set available_nano = available_nano - ${credit}::bigint, reserved_nano = reserved_nano + ${credit}::bigint
      where id = ${idToUuid(listingId)}::uuid and reservation_refusal(l, ${now}::timestamptz, ${buyerId}::uuid, ${credit}::bigint,
        ${request.shownDiscountBps}::int, ${request.minPurchaseCents.toString()}::bigint, ${request.minDaysLeft}::int) is null
        and not exists (select 1 from provider_accounts mine join provider_accounts theirs using (provider, username)
          where mine.seller_id = ${buyerId}::uuid and theirs.id = l.provider_account_id)
      returning id, seller_id, discount_bps, price_version, credit_expires_at, secret_id
    ), noted as (
      insert into reservations (id, listing_id, checkout_id, credit_nano, state, created_at)
      select ${idToUuid(newId('reservation', ctx.now))}::uuid, id, ${idToUuid(request.checkoutId)}::uuid,
        ${credit}::bigint, 'live', ${now}::timestamptz from taken
    )
    select 1 as request, 'reserved' as outcome, ${credit}::bigint as credit_nano,
      seller_id, discount_bps, price_version, credit_expires_at, secret_id from taken`;
}

/** `reserve_quantity` walks the requests in order under the lot's row lock (the migrations of that name). */
export function reserveMany(ctx: Ctx, listingId: ListingId, requests: ReserveQuantity[]): PendingQuery<ReservationRow[]> {
  const each = (value: (request: ReserveQuantity) => string | number | bigint | null) => plainArray(requests.map(value));
  return ctx.db.sql<ReservationRow[]>`
    select * from reserve_quantity(
      ${idToUuid(listingId)}::uuid,
      ${ctx.now.toISOString()}::timestamptz,
      ${each(() => idToUuid(newId('reservation', ctx.now)))}::uuid[],
      ${each(({ checkoutId }) => idToUuid(checkoutId))}::uuid[],
      ${each(({ buyerId }) => idToUuid(buyerId))}::uuid[],
      ${each(({ creditNano }) => creditNano)}::bigint[],
      ${each(({ shownDiscountBps }) => shownDiscountBps)}::int[],
      ${each(({ minPurchaseCents }) => minPurchaseCents)}::bigint[],
      ${each(({ minDaysLeft }) => minDaysLeft)}::int[])`;
}
