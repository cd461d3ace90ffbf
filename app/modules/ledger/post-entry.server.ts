import type { Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import { idToUuid, newId } from '~/platform/ids';
import { plainArray, textArray } from '~/platform/pg-array';
import { accountKey, hasOwner, isCreditNormal, type Account, type Entry, type Line } from './ledger-accounts';

/** An account of an entry and its change of balance; null for the platform's accounts, which store none. */
interface Touched {
  account: Account;
  deltaCents: bigint | null;
}

/**
 * Writes an entry once per reference; false if the reference was used before. A balance that would become negative throws and rolls the
 * caller's block back. Call inside an atomic block.
 */
export async function post(tx: Ctx, entry: Entry): Promise<boolean> {
  invariant(tx.inAtomic, 'postings belong to an atomic block');
  if (entry.lines.length === 0) return false;
  const touched = [...touchedBy(entry.lines).values()];
  const places = new Map(touched.map(({ account }, index) => [accountKey(account), index + 1]));
  const accountPlaces = (side: 'debit' | 'credit') => plainArray(entry.lines.map((line) => places.get(accountKey(line[side])) ?? null));
  const [row] = await tx.db.sql<{ posted: boolean }[]>`
    select post_entry(
      ${idToUuid(newId('ledgerEntry', tx.now))}::uuid, ${entry.kind}, ${entry.reference}, ${tx.now.toISOString()}::timestamptz,
      ${plainArray(touched.map(() => idToUuid(newId('ledgerAccount', tx.now))))}::uuid[],
      ${textArray(touched.map(({ account }) => account.kind))}::text[],
      ${textArray(touched.map(({ account }) => account.ownerId))}::text[],
      ${plainArray(touched.map(({ deltaCents }) => deltaCents))}::bigint[], ${accountPlaces('debit')}::int[], ${accountPlaces('credit')}::int[],
      ${plainArray(entry.lines.map((line) => line.amountCents))}::bigint[]) as posted`;
  return row?.posted === true;
}

function touchedBy(lines: Line[]): Map<string, Touched> {
  const touched = new Map<string, Touched>();
  const add = (account: Account, cents: bigint) => {
    const before = touched.get(accountKey(account))?.deltaCents ?? 0n;
    const deltaCents = hasOwner(account) ? before + (isCreditNormal(account.kind) ? cents : -cents) : null;
    touched.set(accountKey(account), { account, deltaCents });
  };
  for (const line of lines) {
    add(line.credit, line.amountCents);
    add(line.debit, -line.amountCents);
  }
  return touched;
}
