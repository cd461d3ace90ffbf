import { batched } from '~/platform/batches';
import type { Ctx } from '~/platform/context';
import { conflict, invalid, invariant, isUniqueViolation, notFound, unreachable, type DomainError } from '~/platform/errors';
import { type ListingId, type SecretId, type UserId, uuidToId } from '~/platform/ids';
import { formatNano, formatPricePerUsd } from '~/platform/money';
import { tellMarketChanged } from './market-changes.server';
import { reserveMany, reserveOne, type ReservationRow, type ReserveQuantity } from './reserve-statements';

export interface ReservedQuantity {
  listingId: ListingId;
  sellerId: UserId;
  creditNano: bigint;
  discountBps: number;
  priceVersion: number;
  creditExpiresAt: Date;
  secretId: SecretId;
}

/** More than any lot holds. Such requests are refused without the database, where they could fail a batch. */
const beyondEveryLot = 10n ** 18n;

/**
 * Sets quantity aside for a checkout, durably, before anything else of a purchase exists. It owns its commit (docs/design.md#growing-past-one-machine): calls for
 * one listing that arrive while a commit is under way share the next one, so a hot lot costs one commit per batch, and a request that
 * does not fit fails alone. Never call it inside an atomic block.
 * Throws 404, 409 (`sold_out` when nothing is left, `price_changed`, `not_on_sale`) or 422 (`sold_out` when less is left than asked for,
 * `below_minimum`, `own_listing`) with a sentence for the buyer.
 */
export async function reserveQuantity(ctx: Ctx, request: ReserveQuantity): Promise<ReservedQuantity> {
  invariant(!ctx.inAtomic, 'reserve-quantity owns its commit');
  if (request.creditNano >= beyondEveryLot) throw notThatMuch();
  const row = await reserve(ctx, request);
  if (!row) throw notFound('listing');
  if (row.outcome !== 'reserved') throw refusal(row);
  return {
    listingId: request.listingId,
    sellerId: uuidToId('user', row.seller_id),
    creditNano: BigInt(row.credit_nano),
    discountBps: row.discount_bps,
    priceVersion: row.price_version,
    creditExpiresAt: new Date(row.credit_expires_at),
    secretId: uuidToId('secret', row.secret_id),
  };
}

/** One queue per lot: a batch locks one row. */
const reserve = batched(reserveBatch, { keyOf: ({ listingId }) => listingId, max: 256, retryAlone: false });

/** One statement, one commit. A single request uses the short statement; if that returns no row, the long one tells the reason. */
async function reserveBatch(ctx: Ctx, requests: ReserveQuantity[]): Promise<(ReservationRow | null)[]> {
  const [first, ...others] = requests;
  if (!first) return [];
  const { listingId } = first;
  const short = others.length === 0 ? await reserveOne(ctx, listingId, first).catch(asRepeat) : [];
  const rows = short.length > 0 ? short : await reserveMany(ctx, listingId, requests);
  if (rows.some((row) => row.outcome === 'reserved')) tellMarketChanged(ctx);
  const byRequest = new Map(rows.map((row) => [row.request, row]));
  return requests.map((_request, index) => byRequest.get(index + 1) ?? null);
}

/** A repeated request meets its own reservation. Nothing was taken twice, and the long statement finds the first result. */
function asRepeat(error: unknown): ReservationRow[] {
  if (isUniqueViolation(error)) return [];
  throw error;
}

function refusal(row: ReservationRow): DomainError {
  const available = BigInt(row.available_nano);
  switch (row.outcome) {
    case 'not_found':
      return notFound('listing');
    case 'own_listing':
      return invalid('amount', 'This is your own listing. Withdraw what you do not want to sell.', 'own_listing');
    case 'same_account':
      return invalid('amount', 'You sell from the same Replicate account. Nobody buys from an account of their own.', 'own_listing');
    case 'not_on_sale':
      return conflict('not_on_sale', 'This lot is not on sale right now. Nothing was charged. Other lots are on the market.');
    case 'too_late':
      return conflict('not_on_sale', 'This credit expires too soon to be sold. Nothing was charged. Other lots are on the market.');
    case 'price_changed':
      return conflict(
        'price_changed',
        `The price is now ${formatPricePerUsd(row.discount_bps)} per $1. Nothing was charged. Look at the new price, then buy.`,
        {
          discountBps: String(row.discount_bps),
        },
      );
    case 'sold_out':
      return available === 0n
        ? conflict('sold_out', 'This lot has just sold out. Nothing was charged. Other lots are on the market.')
        : notThatMuch(`Only ${formatNano(available)} of credit is left in this lot. Enter that or less.`);
    case 'below_minimum':
      return invalid('amount', belowMinimum(available, BigInt(row.min_nano)), 'below_minimum');
    case 'reserved':
      throw new Error('A reservation is no refusal.');
    default:
      return unreachable(row.outcome);
  }
}

function notThatMuch(sentence = 'No lot holds that much. Enter less.'): DomainError {
  return invalid('amount', sentence, 'sold_out');
}

function belowMinimum(availableNano: bigint, minNano: bigint): string {
  return availableNano < minNano
    ? `The last ${formatNano(availableNano)} of credit of this lot are sold whole. Enter exactly that.`
    : `The smallest purchase here is ${formatNano(minNano)} of credit.`;
}
