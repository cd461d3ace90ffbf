import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { listings } from '~db/schema';
import { paths } from '~/paths';
import { uuidToId } from '~/platform/ids';

/** The columns of a listing in the public lists and the API. A new column is private until it is added here. */
export const publicColumns = {
  id: listings.id,
  provider: listings.provider,
  faceNano: listings.faceNano,
  listedNano: listings.listedNano,
  availableNano: listings.availableNano,
  soldNano: listings.soldNano,
  minNano: listings.minNano,
  discountBps: listings.discountBps,
  creditExpiresAt: listings.creditExpiresAt,
  level: listings.level,
  sellerName: listings.sellerName,
  sellerSince: listings.sellerSince,
  sellerBurnedNano: listings.sellerBurnedNano,
  sellerFailedLots: listings.sellerFailedLots,
};

type Columns = typeof publicColumns;
type Value<C extends AnyPgColumn> = C['_']['notNull'] extends true ? C['_']['data'] : C['_']['data'] | null;

/** The same as rows of the read model. */
export type ListingRow = { [Name in keyof Columns]: Value<Columns[Name]> };

/** The same as the driver returns it: by names of SQL, bigint and time as text. */
export type ListingColumns = {
  [Name in keyof Columns as Columns[Name]['_']['name']]: ListingRow[Name] extends infer V ? (V extends bigint | Date ? string : V) : never;
};

const decoders = Object.entries(publicColumns).map(([field, column]: [string, AnyPgColumn]) => ({
  field,
  name: column.name,
  decode: (value: unknown): unknown => (value === null ? null : column.mapFromDriverValue(value)),
}));

/** Decodes by a list that is made once, since drizzle examines each of 400 cells. */
export function toListingRow(row: ListingColumns): ListingRow {
  const values: Record<string, unknown> = row;
  return Object.fromEntries(decoders.map(({ field, name, decode }) => [field, decode(values[name])])) as ListingRow;
}

/** A lot in `GET /api/v1/listings`. Amounts are exact decimals, and strings so that any JSON reader keeps every digit. */
export function toListingJson(lot: ListingColumns, origin: string) {
  const id = uuidToId('listing', lot.id);
  return {
    id,
    url: origin + paths.listing(id),
    provider: lot.provider,
    face_value_usd: usd(lot.face_nano),
    available_usd: usd(lot.available_nano),
    sold_usd: usd(lot.sold_nano),
    minimum_usd: usd(lot.min_nano),
    discount_bps: lot.discount_bps,
    price_per_usd: decimal(String(10_000 - lot.discount_bps), 4),
    credit_expires_at: new Date(lot.credit_expires_at).toISOString(),
    verification_level: lot.level,
    seller: {
      name: lot.seller_name,
      since: new Date(lot.seller_since).toISOString(),
      burned_usd: usd(lot.seller_burned_nano),
      failed_lots: lot.seller_failed_lots,
    },
  };
}

/** Nano-dollars as dollars with nine places. */
const usd = (nano: string) => decimal(nano, 9);

/** Puts the decimal point before the last `places` digits. */
function decimal(digits: string, places: number): string {
  const padded = digits.padStart(places + 1, '0');
  return `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}
