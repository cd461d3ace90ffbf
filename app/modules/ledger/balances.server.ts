import { and, eq, sql } from 'drizzle-orm';
import { ledgerAccounts, ledgerPostings } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { hasOwner, isCreditNormal, type Account } from './ledger-accounts';

/** The balance of an account in cents, in its own direction; 0 without postings. */
export async function balanceCents(ctx: Ctx, account: Account): Promise<bigint> {
  const [row] = await ctx.db
    .select()
    .from(ledgerAccounts)
    .where(and(eq(ledgerAccounts.kind, account.kind), eq(ledgerAccounts.ownerId, account.ownerId)));
  if (!row) return 0n;
  if (hasOwner(account)) return row.balanceCents ?? 0n;
  const [debits, credits] = await Promise.all([
    sumPostings(ctx, eq(ledgerPostings.debitAccountId, row.id)),
    sumPostings(ctx, eq(ledgerPostings.creditAccountId, row.id)),
  ]);
  return isCreditNormal(account.kind) ? credits - debits : debits - credits;
}

async function sumPostings(ctx: Ctx, where: ReturnType<typeof eq>): Promise<bigint> {
  const [row] = await ctx.db
    .select({ sum: sql<string>`coalesce(sum(${ledgerPostings.amountCents}), 0)` })
    .from(ledgerPostings)
    .where(where);
  return BigInt(row?.sum ?? '0');
}
