import { sql, type SQL } from 'drizzle-orm';
import type { Ctx } from '~/platform/context';
import { idToUuid, newId, type CheckoutId, type ListingId, type UserId } from '~/platform/ids';

export interface ReserveQuantity {
  listingId: ListingId;
  checkoutId: CheckoutId;
  buyerId: UserId;
  amountNano: bigint;
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

/** Takes the amount if every rule lets it; no row if one does not. */
export function statementOfOne(ctx: Ctx, listingId: ListingId, request: ReserveQuantity): SQL {
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const buyer = sql`${idToUuid(request.buyerId)}::uuid`;
  const amount = sql`${request.amountNano.toString()}::bigint`;
  return sql`
    with taken as (
      update listings l set available_nano = available_nano - ${amount}, reserved_nano = reserved_nano + ${amount}
      where id = ${idToUuid(listingId)}::uuid
        and reservation_refusal(l, ${now}, ${buyer}, ${amount}, ${request.shownDiscountBps}::int, ${request.minPurchaseCents.toString()}::bigint, ${request.minDaysLeft}::int) is null
        and not exists (select 1 from provider_accounts mine join provider_accounts theirs using (provider, username)
          where mine.seller_id = ${buyer} and theirs.id = l.provider_account_id)
      returning id, seller_id, discount_bps, price_version, credit_expires_at, secret_id
    ), noted as (
      insert into reservations (id, listing_id, checkout_id, amount_nano, state, created_at)
      select ${idToUuid(newId('reservation', ctx.now))}::uuid, id, ${idToUuid(request.checkoutId)}::uuid, ${amount}, 'live', ${now} from taken
    )
    select 1 as request, 'reserved' as outcome, ${amount} as amount_nano, seller_id, discount_bps, price_version, credit_expires_at, secret_id from taken`;
}

/** `reserve_quantity` walks the requests in order under the lot's row lock (the migrations of that name). */
export function statementOfMany(ctx: Ctx, listingId: ListingId, requests: ReserveQuantity[]): SQL {
  const each = (type: string, value: (request: ReserveQuantity) => string | number | null) =>
    sql`${`{${requests.map((request) => value(request) ?? 'null').join(',')}}`}::${sql.raw(type)}[]`;
  return sql`
    select * from reserve_quantity(${idToUuid(listingId)}::uuid, ${ctx.now.toISOString()}::timestamptz,
      ${each('uuid', () => idToUuid(newId('reservation', ctx.now)))}, ${each('uuid', ({ checkoutId }) => idToUuid(checkoutId))},
      ${each('uuid', ({ buyerId }) => idToUuid(buyerId))}, ${each('bigint', ({ amountNano }) => amountNano.toString())},
      ${each('int', ({ shownDiscountBps }) => shownDiscountBps)}, ${each('bigint', ({ minPurchaseCents }) => minPurchaseCents.toString())},
      ${each('int', ({ minDaysLeft }) => minDaysLeft)})`;
}
