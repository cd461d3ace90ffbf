import { and, eq, inArray, or, sql } from 'drizzle-orm';
import { ledgerAccounts, ledgerEntries, ledgerPostings } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import { newId } from '~/platform/ids';
import { accountKey, hasOwner, isCreditNormal, type Account, type Entry, type Line } from './ledger-accounts';

type AccountId = typeof ledgerAccounts.$inferSelect.id;

/**
 * Writes an entry of the book, once per reference: false when that reference was posted before, and nothing changes. Balances of owners
 * move with it; one that would fall below zero throws and rolls the caller's block back. Call inside an atomic block.
 */
export async function post(tx: Ctx, entry: Entry): Promise<boolean> {
  invariant(tx.inAtomic, 'postings belong to an atomic block');
  if (entry.lines.length === 0) return false;
  const entryId = newId('ledgerEntry', tx.now);
  const written = await tx.db
    .insert(ledgerEntries)
    .values({ id: entryId, kind: entry.kind, reference: entry.reference, occurredAt: tx.now })
    .onConflictDoNothing({ target: ledgerEntries.reference })
    .returning({ id: ledgerEntries.id });
  if (written.length === 0) return false;
  const ids = await accountIds(tx, entry.lines);
  await tx.db.insert(ledgerPostings).values(
    entry.lines.map((line, index) => ({
      entryId,
      line: index + 1,
      debitAccountId: idOf(ids, line.debit),
      creditAccountId: idOf(ids, line.credit),
      amountCents: line.amountCents,
    })),
  );
  await moveBalances(tx, entry.lines, ids);
  return true;
}

function idOf(ids: Map<string, AccountId>, account: Account): AccountId {
  const id = ids.get(accountKey(account));
  invariant(id, 'every account of an entry exists');
  return id;
}

async function accountIds(tx: Ctx, lines: Line[]): Promise<Map<string, AccountId>> {
  const accounts = [
    ...new Map(lines.flatMap((line) => [line.debit, line.credit]).map((account) => [accountKey(account), account])).values(),
  ];
  const found = await findAccounts(tx, accounts);
  const missing = accounts.filter((account) => !found.has(accountKey(account)));
  if (missing.length === 0) return found;
  await tx.db
    .insert(ledgerAccounts)
    .values(missing.map((account) => ({ ...account, id: newId('ledgerAccount', tx.now), balanceCents: hasOwner(account) ? 0n : null })))
    .onConflictDoNothing();
  return findAccounts(tx, accounts);
}

async function findAccounts(tx: Ctx, accounts: Account[]): Promise<Map<string, AccountId>> {
  const matches = accounts.map((account) => and(eq(ledgerAccounts.kind, account.kind), eq(ledgerAccounts.ownerId, account.ownerId)));
  const rows = await tx.db
    .select()
    .from(ledgerAccounts)
    .where(or(...matches));
  return new Map(rows.map((row) => [accountKey(row), row.id]));
}

/** In the order of ids, so that two entries that share accounts wait for each other instead of locking each other out. */
async function moveBalances(tx: Ctx, lines: Line[], ids: Map<string, AccountId>): Promise<void> {
  const deltas = new Map<AccountId, bigint>();
  const add = (account: Account, cents: bigint) => {
    if (!hasOwner(account)) return;
    const id = idOf(ids, account);
    deltas.set(id, (deltas.get(id) ?? 0n) + (isCreditNormal(account.kind) ? cents : -cents));
  };
  for (const line of lines) {
    add(line.credit, line.amountCents);
    add(line.debit, -line.amountCents);
  }
  const changed = [...deltas].filter(([, delta]) => delta !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
  if (changed.length > 1) {
    await tx.db
      .select({ id: ledgerAccounts.id })
      .from(ledgerAccounts)
      .where(
        inArray(
          ledgerAccounts.id,
          changed.map(([id]) => id),
        ),
      )
      .orderBy(ledgerAccounts.id)
      .for('update');
  }
  for (const [id, delta] of changed) {
    await tx.db
      .update(ledgerAccounts)
      .set({ balanceCents: sql`${ledgerAccounts.balanceCents} + ${delta}` })
      .where(eq(ledgerAccounts.id, id));
  }
}
