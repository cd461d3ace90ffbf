import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { dailyBurns, type listings, transactions } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addDays, toDateInput } from '~/platform/dates';
import type { ListingId, UserId } from '~/platform/ids';

type Listing = Pick<
  typeof listings.$inferSelect,
  'availableNano' | 'reservedNano' | 'listedNano' | 'withdrawnNano' | 'publishedAt' | 'endedAt' | 'creditExpiresAt'
> & { id: ListingId; sellerId: UserId };

/**
 * What of a seller's lot was unburned and unsold at the end of each day (UTC) since it was published, oldest first; the last point is now.
 * Empty until it is published. Days before a raise are shown as if the raised amount had been listed from the start.
 */
export async function findBurnDown(ctx: Ctx, listing: Listing) {
  if (!listing.publishedAt) return [];
  const [sold, givenBack, burned] = await Promise.all([
    sumSoldByDay(ctx, listing),
    sumGivenBackByDay(ctx, listing),
    sumBurnedByDay(ctx, listing),
  ]);
  const now = listing.creditExpiresAt < ctx.now ? listing.creditExpiresAt : ctx.now;
  const points = [{ at: listing.publishedAt, unburnedNano: listing.listedNano, unsoldNano: listing.listedNano }];
  let unsoldNano = listing.listedNano;
  let burnedNano = 0n;
  for (let at = listing.publishedAt; toDateInput(at) <= toDateInput(now); at = addDays(at, 1)) {
    const day = toDateInput(at);
    unsoldNano += (givenBack.get(day) ?? 0n) - (sold.get(day) ?? 0n);
    burnedNano += burned.get(day) ?? 0n;
    const withdrawnNano = listing.endedAt && toDateInput(listing.endedAt) <= day ? listing.withdrawnNano : 0n;
    points.push({
      at: new Date(`${day}T23:59:59.999Z`),
      unburnedNano: listing.listedNano - withdrawnNano - burnedNano,
      unsoldNano: unsoldNano - withdrawnNano,
    });
  }
  const last = points[points.length - 1];
  if (last) Object.assign(last, { at: now, unsoldNano: listing.availableNano + listing.reservedNano });
  return points;
}

function sumSoldByDay(ctx: Ctx, listing: Listing) {
  const day = utcDay(sql`${transactions.deliveredAt}`);
  return ctx.db
    .select({ day, nano: sql`sum(${transactions.creditNano})`.mapWith(BigInt) })
    .from(transactions)
    .where(ownSales(listing))
    .groupBy(day)
    .then(toMap);
}

/** Credit of refunded purchases that went back to the lot. */
function sumGivenBackByDay(ctx: Ctx, listing: Listing) {
  const day = utcDay(sql`${transactions.endedAt}`);
  return ctx.db
    .select({ day, nano: sql`sum(${transactions.givenBackNano})`.mapWith(BigInt) })
    .from(transactions)
    .where(and(ownSales(listing), isNotNull(transactions.endedAt)))
    .groupBy(day)
    .then(toMap);
}

function sumBurnedByDay(ctx: Ctx, listing: Listing) {
  return ctx.db
    .select({ day: dailyBurns.day, nano: sql`sum(${dailyBurns.burnedNano})`.mapWith(BigInt) })
    .from(dailyBurns)
    .where(and(eq(dailyBurns.listingId, listing.id), eq(dailyBurns.sellerId, listing.sellerId)))
    .groupBy(dailyBurns.day)
    .then(toMap);
}

function ownSales({ id, sellerId }: Listing) {
  return and(eq(transactions.listingId, id), eq(transactions.sellerId, sellerId), isNotNull(transactions.deliveredAt));
}

function utcDay(time: ReturnType<typeof sql>) {
  return sql<string>`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD')`;
}

function toMap(rows: readonly { day: string; nano: bigint }[]): Map<string, bigint> {
  return new Map(rows.map(({ day, nano }) => [day, nano]));
}
