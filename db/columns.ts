import { sql } from 'drizzle-orm';
import { bigint, customType, timestamp } from 'drizzle-orm/pg-core';
import { idToUuid, uuidToId, type Id, type IdKind } from '~/platform/ids';

/** A uuid in the database, a prefixed typed id in code: `idColumn('listing')('listing_id')`. */
export function idColumn<K extends IdKind>(kind: K) {
  return customType<{ data: Id<K>; driverData: string }>({
    dataType: () => 'uuid',
    toDriver: (id) => idToUuid(id),
    fromDriver: (uuid) => uuidToId(kind, uuid),
  });
}

/** Case-insensitive text, for mail addresses. */
export const citext = customType<{ data: string }>({ dataType: () => 'citext' });

export const at = <Name extends string>(name: Name) => timestamp(name, { withTimezone: true, mode: 'date' });
/** Credit in nano-USD. */
export const nano = <Name extends string>(name: Name) => bigint(name, { mode: 'bigint' });
/** Cash in cents. */
export const cents = (name: string) => bigint(name, { mode: 'bigint' });
/** drizzle-kit cannot print a bigint default; it can print this one. */
export const zero = sql`0`;
