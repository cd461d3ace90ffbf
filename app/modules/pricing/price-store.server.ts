import { LRUCache } from 'lru-cache';
import { and, asc, desc, eq, lte } from 'drizzle-orm';
import { prices } from '~db/schema';
import { atomic, type Ctx } from '~/platform/context';
import { newId, type Id } from '~/platform/ids';
import { readPriceBook, type BookEntry } from './price-book';
import type { Price, Tier } from './price';

/** A price in force, with the id of its row. */
export interface DatedPrice extends Price {
  id: Id<'price'>;
  source: string;
  seen: string;
}

type Row = typeof prices.$inferSelect;

/**
 * Imports the price book: a new dated row for each model whose price changed. Rows are never edited, since settled runs refer to them.
 * Returns how many were added.
 */
export async function importPriceBook(ctx: Ctx): Promise<number> {
  return atomic(ctx, async (tx) => {
    const current = new Map((await currentPrices(tx)).map((price) => [price.model, price]));
    const changed = readPriceBook().filter(({ price }) => fingerprint(price) !== fingerprint(current.get(price.model)));
    if (changed.length > 0)
      await tx.db
        .insert(prices)
        .values(changed.map((entry) => toRow(tx, entry)))
        .onConflictDoNothing();
    return changed.length;
  });
}

function toRow(tx: Ctx, { price, source, seen }: BookEntry): typeof prices.$inferInsert {
  const { model, unit, hardware } = price;
  return { id: newId('price', tx.now), model, unit, hardware, source, seen, tiers: price.tiers.map(storedTier), validFrom: tx.now };
}

function storedTier({ when, unitNano, outputUnitNano }: Tier): Row['tiers'][number] {
  return { when, unitNano: unitNano.toString(), ...(outputUnitNano === null ? {} : { outputUnitNano: outputUnitNano.toString() }) };
}

function fingerprint(price: Price | undefined): string {
  return price ? JSON.stringify([price.unit, price.hardware, price.tiers.map(storedTier)]) : '';
}

function toPrice(row: Row): DatedPrice {
  const [first, ...rest] = row.tiers.map((tier) => ({
    when: tier.when,
    unitNano: BigInt(tier.unitNano),
    outputUnitNano: tier.outputUnitNano === undefined ? null : BigInt(tier.outputUnitNano),
  }));
  if (!first) throw new Error(`The price row ${row.id} has no tier.`);
  return {
    id: row.id,
    model: row.model,
    unit: row.unit,
    hardware: row.hardware,
    source: row.source,
    seen: row.seen,
    tiers: [first, ...rest],
  };
}

/** The price in force of every model. */
export async function currentPrices(ctx: Ctx): Promise<DatedPrice[]> {
  const rows = await ctx.db
    .selectDistinctOn([prices.model])
    .from(prices)
    .where(and(eq(prices.provider, 'replicate'), lte(prices.validFrom, ctx.now)))
    .orderBy(asc(prices.model), desc(prices.validFrom));
  return rows.map(toPrice);
}

/** The price in force of a model; null if it is not served. */
export async function findPrice(ctx: Ctx, model: string): Promise<DatedPrice | null> {
  const [row] = await ctx.db
    .select()
    .from(prices)
    .where(and(eq(prices.provider, 'replicate'), eq(prices.model, model), lte(prices.validFrom, ctx.now)))
    .orderBy(desc(prices.validFrom))
    .limit(1);
  return row ? toPrice(row) : null;
}

/** Prices by id: a row is never edited. */
const known = new LRUCache<Id<'price'>, DatedPrice>({ max: 10_000 });

/** The price that a run was authorized under. */
export async function priceById(ctx: Ctx, id: Id<'price'>): Promise<DatedPrice> {
  const price = known.get(id) ?? (await readPrice(ctx, id));
  known.set(id, price);
  return price;
}

async function readPrice(ctx: Ctx, id: Id<'price'>): Promise<DatedPrice> {
  const [row] = await ctx.db.select().from(prices).where(eq(prices.id, id));
  if (!row) throw new Error(`There is no price ${id}.`);
  return toPrice(row);
}
