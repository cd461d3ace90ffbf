import { gte, sql } from 'drizzle-orm';
import { transactions } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { addDays, toDateInput } from '~/platform/dates';
import { cached } from './market-cache.server';

const DAYS = 30;

/**
 * The average discount of what was sold on each of the last thirty days (UTC), weighted by credit and rounded to the basis point, and the
 * credit sold. Oldest first; days without a sale have a null discount.
 */
export async function findPriceHistory(ctx: Ctx) {
  const from = new Date(`${toDateInput(addDays(ctx.now, 1 - DAYS))}T00:00:00.000Z`);
  const rows = await cached(ctx, `sales by day since ${toDateInput(from)}`, () => sumSalesByDay(ctx, from));
  const sales = new Map(rows.map((row) => [row.day, row]));
  return Array.from({ length: DAYS }, (_, index) => {
    const at = addDays(from, index);
    const day = sales.get(toDateInput(at));
    return { at, discountBps: day?.discountBps ?? null, soldNano: day?.soldNano ?? 0n };
  });
}

function sumSalesByDay(ctx: Ctx, from: Date) {
  const day = sql<string>`to_char(${transactions.deliveredAt} at time zone 'UTC', 'YYYY-MM-DD')`;
  return ctx.db
    .select({
      day,
      soldNano: sql`sum(${transactions.creditNano})`.mapWith(BigInt),
      discountBps: sql<number>`round(sum(${transactions.creditNano}::numeric * ${transactions.discountBps}) / sum(${transactions.creditNano}))::int`,
    })
    .from(transactions)
    .where(gte(transactions.deliveredAt, from))
    .groupBy(day);
}
