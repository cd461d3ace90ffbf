import type { Ctx, Db } from '~/platform/context';
import { conflict, invalid, invariant, isUniqueViolation, notFound, unreachable, type DomainError } from '~/platform/errors';
import { type ListingId, type SecretId, type UserId, uuidToId } from '~/platform/ids';
import { formatNano, formatPricePerUsd } from '~/platform/money';
import { tellMarketChanged } from './market-changes.server';
import { reserveManyStatement, reserveOneStatement, type ReserveQuantity } from './reserve-statements';

export interface ReservedQuantity {
  listingId: ListingId;
  sellerId: UserId;
  creditNano: bigint;
  discountBps: number;
  priceVersion: number;
  creditExpiresAt: Date;
  secretId: SecretId;
}

interface Row extends Record<string, unknown> {
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

interface Waiting {
  ctx: Ctx;
  request: ReserveQuantity;
  resolve(row: Row): void;
  reject(error: unknown): void;
}

interface Queue {
  waiting: Waiting[];
  running: boolean;
}

/** Of one process and its pool; a second pool in the same process is as another process. */
const queues = new WeakMap<Db, Map<ListingId, Queue>>();
const batchLimit = 256;
/** Above every lot, and below what the database can count: more is answered without asking it, so that it spoils no batch. */
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
  const row = await enqueueForListing(ctx, request);
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

function enqueueForListing(ctx: Ctx, request: ReserveQuantity): Promise<Row> {
  const ofProcess = queues.get(ctx.db) ?? new Map<ListingId, Queue>();
  queues.set(ctx.db, ofProcess);
  const queue = ofProcess.get(request.listingId) ?? { waiting: [], running: false };
  ofProcess.set(request.listingId, queue);
  return new Promise<Row>((resolve, reject) => {
    queue.waiting.push({ ctx, request, resolve, reject });
    if (!queue.running) void drain(request.listingId, queue, ofProcess);
  });
}

async function drain(listingId: ListingId, queue: Queue, ofProcess: Map<ListingId, Queue>): Promise<void> {
  queue.running = true;
  while (queue.waiting.length > 0) {
    const batch = queue.waiting.splice(0, batchLimit);
    // The time of the first of this batch: a lot that is never left alone does not stop the clock.
    const ctx = batch[0]?.ctx;
    if (!ctx) break;
    try {
      const rows = await reserveBatch(
        ctx,
        listingId,
        batch.map((entry) => entry.request),
      );
      if (rows.some((row) => row.outcome === 'reserved')) tellMarketChanged(ctx);
      batch.forEach((entry, index) => {
        const row = rows.find((candidate) => candidate.request === index + 1);
        if (row) entry.resolve(row);
        else entry.reject(notFound('listing'));
      });
    } catch (error) {
      batch.forEach((entry) => entry.reject(error));
    }
    // Those who were just served may ask again in this turn of the event loop: they go together, instead of the first of them alone.
    if (batch.length > 1) await new Promise((done) => setImmediate(done));
  }
  queue.running = false;
  ofProcess.delete(listingId);
}

/** One statement, one commit. Whoever comes alone is served by the shorter one; why it did not serve him the longer one tells. */
async function reserveBatch(ctx: Ctx, listingId: ListingId, requests: ReserveQuantity[]): Promise<Row[]> {
  const [first, ...others] = requests;
  const rows = first && others.length === 0 ? await ctx.db.execute<Row>(reserveOneStatement(ctx, listingId, first)).catch(asRepeat) : [];
  return [...(rows.length > 0 ? rows : await ctx.db.execute<Row>(reserveManyStatement(ctx, listingId, requests)))];
}

/** A request that comes again meets its own reservation: nothing was taken twice, and the longer statement finds what it got. */
function asRepeat(error: unknown): Row[] {
  if (isUniqueViolation(error)) return [];
  throw error;
}

function refusal(row: Row): DomainError {
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
