import { count, desc, eq, sql } from 'drizzle-orm';
import { ledgerAccounts, ledgerEntries, ledgerPostings, refunds } from '~db/schema';
import { requireAdmin, type Ctx } from '~/platform/context';
import { isCreditNormal, type AccountKind } from '~/modules/ledger/ledger-accounts';

interface KindRow extends Record<string, unknown> {
  kind: AccountKind;
  accounts: number;
  debits: string;
  credits: string;
}

/** Balances of the ledger by kind of account, summed from the postings, and the latest entries. */
export async function adminLedger(ctx: Ctx) {
  requireAdmin(ctx);
  const [kinds, entries, refundCounts, failedRefunds] = await Promise.all([
    ctx.db.execute<KindRow>(sql`
      with sides as (
        select debit_account_id as account_id, amount_cents as debit, 0::bigint as credit from ${ledgerPostings}
        union all select credit_account_id, 0, amount_cents from ${ledgerPostings})
      select a.kind, count(distinct a.id)::int as accounts, coalesce(sum(s.debit), 0)::text as debits, coalesce(sum(s.credit), 0)::text as credits
      from ${ledgerAccounts} a left join sides s on s.account_id = a.id group by a.kind order by a.kind`),
    ctx.db
      .select({
        id: ledgerEntries.id,
        kind: ledgerEntries.kind,
        reference: ledgerEntries.reference,
        occurredAt: ledgerEntries.occurredAt,
        amount: sql<string>`sum(${ledgerPostings.amountCents})`,
      })
      .from(ledgerEntries)
      .innerJoin(ledgerPostings, eq(ledgerPostings.entryId, ledgerEntries.id))
      .groupBy(ledgerEntries.id)
      .orderBy(desc(ledgerEntries.id))
      .limit(50),
    ctx.db
      .select({ state: refunds.state, n: count(), cents: sql<string>`sum(${refunds.amountCents})` })
      .from(refunds)
      .groupBy(refunds.state),
    ctx.db
      .select({
        id: refunds.id,
        transactionId: refunds.transactionId,
        amountCents: refunds.amountCents,
        refusal: refunds.refusal,
        createdAt: refunds.createdAt,
      })
      .from(refunds)
      .where(eq(refunds.state, 'failed'))
      .orderBy(desc(refunds.createdAt))
      .limit(50),
  ]);
  const balances = [...kinds].map((row) => ({
    kind: row.kind,
    accounts: row.accounts,
    creditNormal: isCreditNormal(row.kind),
    balanceCents: balance(row),
  }));
  return {
    balances,
    ownedCents: sumBalances(balances.filter((row) => !row.creditNormal)),
    owedCents: sumBalances(balances.filter((row) => row.creditNormal)),
    entries: entries.map((entry) => ({ ...entry, amountCents: BigInt(entry.amount) })),
    failedRefunds,
    refunds: refundCounts.map((row) => ({ state: row.state, count: row.n, amountCents: BigInt(row.cents) })),
  };
}

function balance(row: KindRow): bigint {
  const [debits, credits] = [BigInt(row.debits), BigInt(row.credits)];
  return isCreditNormal(row.kind) ? credits - debits : debits - credits;
}

function sumBalances(rows: { balanceCents: bigint }[]): bigint {
  return rows.reduce((sum, row) => sum + row.balanceCents, 0n);
}
