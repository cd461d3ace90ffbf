import type { SQL } from 'drizzle-orm';
import type { Ctx } from '~/platform/context';
import { idToUuid, newId, type CheckoutId, type ListingId, type UserId } from '~/platform/ids';
import { plainArray } from '~/platform/pg-array';
import { written } from '~/platform/written-statement';

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

const takeOne = `
  with taken as (
    update listings l set available_nano = available_nano - $4::bigint, reserved_nano = reserved_nano + $4::bigint
    where id = $1::uuid and reservation_refusal(l, $2::timestamptz, $3::uuid, $4::bigint, $5::int, $6::bigint, $7::int) is null
      and not exists (select 1 from provider_accounts mine join provider_accounts theirs using (provider, username)
        where mine.seller_id = $3::uuid and theirs.id = l.provider_account_id)
    returning id, seller_id, discount_bps, price_version, credit_expires_at, secret_id
  ), noted as (
    insert into reservations (id, listing_id, checkout_id, credit_nano, state, created_at)
    select $8::uuid, id, $9::uuid, $4::bigint, 'live', $2::timestamptz from taken
  )
  select 1 as request, 'reserved' as outcome, $4::bigint as credit_nano, seller_id, discount_bps, price_version, credit_expires_at, secret_id from taken`;

/** Takes the amount if every rule lets it; no row if one does not. */
export function reserveOneStatement(ctx: Ctx, listingId: ListingId, request: ReserveQuantity): SQL {
  return written(takeOne, [
    idToUuid(listingId),
    ctx.now.toISOString(),
    idToUuid(request.buyerId),
    request.creditNano.toString(),
    request.shownDiscountBps,
    request.minPurchaseCents.toString(),
    request.minDaysLeft,
    idToUuid(newId('reservation', ctx.now)),
    idToUuid(request.checkoutId),
  ]);
}

const takeMany =
  'select * from reserve_quantity($1::uuid, $2::timestamptz, $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::int[], $8::bigint[], $9::int[])';

/** `reserve_quantity` walks the requests in order under the lot's row lock (the migrations of that name). */
export function reserveManyStatement(ctx: Ctx, listingId: ListingId, requests: ReserveQuantity[]): SQL {
  const each = (value: (request: ReserveQuantity) => string | number | bigint | null) => plainArray(requests.map(value));
  return written(takeMany, [
    idToUuid(listingId),
    ctx.now.toISOString(),
    each(() => idToUuid(newId('reservation', ctx.now))),
    each(({ checkoutId }) => idToUuid(checkoutId)),
    each(({ buyerId }) => idToUuid(buyerId)),
    each(({ creditNano }) => creditNano),
    each(({ shownDiscountBps }) => shownDiscountBps),
    each(({ minPurchaseCents }) => minPurchaseCents),
    each(({ minDaysLeft }) => minDaysLeft),
  ]);
}
