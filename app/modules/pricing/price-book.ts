import { z } from 'zod';
import { parseUsdToNano } from '~/platform/money';
import book from './price-book.json';
import { priceUnits, type Price, type Tier } from './price';

const usd = z.string().transform((text, check) => {
  const nano = parseUsdToNano(text);
  if (nano !== null && nano > 0n) return nano;
  check.addIssue({ code: 'custom', message: 'A price in dollars with at most nine decimals.' });
  return z.NEVER;
});

const Entry = z.object({
  model: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  unit: z.enum(priceUnits),
  price: usd.optional(),
  input_price: usd.optional(),
  output_price: usd.optional(),
  hardware: z.string().optional(),
  tiers: z.array(z.object({ price: usd }).catchall(z.union([z.string(), z.boolean()]).or(z.bigint()))).optional(),
});

const Book = z.object({
  source: z.string(),
  models_seen: z.string().regex(/^\d{4}-\d{2}$/),
  hardware_usd_per_second: z.array(z.object({ sku: z.string(), price: usd })),
  models: z.array(Entry),
});

type Parsed = z.output<typeof Book>;

export interface BookEntry {
  price: Price;
  source: string;
  /** Month of the published price list. */
  seen: string;
}

/** The price book that ships with the program. @throws if an entry cannot be read. */
export function readPriceBook(): BookEntry[] {
  const parsed = Book.parse(book);
  return parsed.models.map((entry) => ({ price: toPrice(parsed, entry), source: parsed.source, seen: parsed.models_seen }));
}

function toPrice(parsed: Parsed, entry: Parsed['models'][number]): Price {
  const [first, ...rest] = readTiers(parsed, entry).sort((a, b) => (a.unitNano < b.unitNano ? 1 : -1));
  if (!first) throw new Error(`The price book has no price for ${entry.model}.`);
  return { model: entry.model, unit: entry.unit, tiers: [first, ...rest], hardware: entry.hardware ?? null };
}

function readTiers(parsed: Parsed, entry: Parsed['models'][number]): Tier[] {
  if (entry.tiers) return entry.tiers.map(({ price, ...when }) => ({ when: conditions(when), unitNano: price, outputUnitNano: null }));
  if (entry.hardware) return parsed.hardware_usd_per_second.filter(({ sku }) => sku === entry.hardware).map(({ price }) => always(price));
  if (entry.input_price !== undefined) return [always(entry.input_price, entry.output_price ?? null)];
  return entry.price === undefined ? [] : [always(entry.price)];
}

function always(unitNano: bigint, outputUnitNano: bigint | null = null): Tier {
  return { when: {}, unitNano, outputUnitNano };
}

function conditions(when: Record<string, unknown>): Tier['when'] {
  return Object.fromEntries(
    Object.entries(when).filter(
      (entry): entry is [string, string | boolean] => typeof entry[1] === 'string' || typeof entry[1] === 'boolean',
    ),
  );
}
