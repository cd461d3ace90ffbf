import { v7 } from 'uuid';
import { z } from 'zod';

/**
 * Ids are uuidv7 in the database and carry a prefix everywhere else: `lst_` + 32 hex digits. The prefix is put on and taken off
 * by the column type (db/columns.ts), so that code never sees a bare uuid and cannot pass a transaction's id for a listing's.
 */
export const idPrefixes = {
  user: 'usr',
  providerAccount: 'pac',
  secret: 'sec',
  listing: 'lst',
  review: 'rev',
  attestation: 'att',
  offer: 'off',
  reservation: 'rsv',
  checkout: 'chk',
  transaction: 'txn',
  payment: 'pay',
  refund: 'rfd',
  release: 'rel',
  grant: 'grt',
  accessKey: 'key',
  run: 'run',
  event: 'evt',
  ledgerAccount: 'lac',
  ledgerEntry: 'len',
  policy: 'pol',
  audit: 'aud',
  mail: 'mal',
  price: 'prc',
  exposure: 'exp',
  probe: 'prb',
  call: 'cal',
} as const;

export type IdKind = keyof typeof idPrefixes;
export type Id<K extends IdKind> = `${(typeof idPrefixes)[K]}_${string}`;

export type UserId = Id<'user'>;
export type ListingId = Id<'listing'>;
export type OfferId = Id<'offer'>;
export type CheckoutId = Id<'checkout'>;
export type TransactionId = Id<'transaction'>;
export type GrantId = Id<'grant'>;
export type RunId = Id<'run'>;
export type SecretId = Id<'secret'>;

/** A new id whose time part is the context's clock, so that rows made under a moved clock sort where they belong. */
export function newId<K extends IdKind>(kind: K, at: Date): Id<K> {
  return `${idPrefixes[kind]}_${v7({ msecs: at.getTime() }).replaceAll('-', '')}`;
}

/** Whether a text is an id of this kind; anything else (another prefix, wrong length) is not. */
export function isId<K extends IdKind>(kind: K, value: unknown): value is Id<K> {
  return typeof value === 'string' && new RegExp(`^${idPrefixes[kind]}_[0-9a-f]{32}$`).test(value);
}

/** A zod schema of an id, for input. */
export function idSchema<K extends IdKind>(kind: K) {
  return z.custom<Id<K>>((value) => isId(kind, value), { error: 'No such id.' });
}

export function idToUuid(id: string): string {
  const hex = id.slice(id.indexOf('_') + 1);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function uuidToId<K extends IdKind>(kind: K, uuid: string): Id<K> {
  return `${idPrefixes[kind]}_${uuid.replaceAll('-', '')}`;
}

/** What people read on pages: the prefix and the last six digits, `lst_…3f09ac` (the front is time and looks alike). */
export function shortId(id: string): string {
  return `${id.slice(0, id.indexOf('_'))}_${id.slice(-6)}`;
}
