import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, cents, idColumn } from '../columns';

export const ledgerAccountKinds = [
  'stripe_balance',
  'held',
  'seller_payable',
  'seller_receivable',
  'platform_fees',
  'stripe_fees',
  'losses',
  'refund_clearing',
] as const;

export const ledgerAccounts = pgTable(
  'ledger_accounts',
  {
    id: idColumn('ledgerAccount')('id').primaryKey(),
    kind: text('kind', { enum: ledgerAccountKinds }).notNull(),
    /** A transaction's id for held, a seller's id for seller_*, '' for the platform's accounts. */
    ownerId: text('owner_id').notNull(),
    asset: text('asset').notNull().default('usd'),
    /** Only for accounts with an owner. Platform accounts are summed, so that purchases do not wait for one row; null there. */
    balanceCents: cents('balance_cents'),
  },
  (table) => [
    uniqueIndex('ledger_accounts_key').on(table.kind, table.ownerId, table.asset),
    check('ledger_accounts_not_negative', sql`${table.balanceCents} >= 0`),
  ],
);

export const ledgerEntries = pgTable('ledger_entries', {
  id: idColumn('ledgerEntry')('id').primaryKey(),
  kind: text('kind').notNull(),
  /** The entry's idempotency key: "capture:pi_…". */
  reference: text('reference').notNull().unique(),
  occurredAt: at('occurred_at').notNull(),
});

/** A posting names both sides, so an unbalanced entry cannot be written. Append-only by trigger. */
export const ledgerPostings = pgTable(
  'ledger_postings',
  {
    entryId: idColumn('ledgerEntry')('entry_id')
      .notNull()
      .references(() => ledgerEntries.id),
    line: integer('line').notNull(),
    debitAccountId: idColumn('ledgerAccount')('debit_account_id')
      .notNull()
      .references(() => ledgerAccounts.id),
    creditAccountId: idColumn('ledgerAccount')('credit_account_id')
      .notNull()
      .references(() => ledgerAccounts.id),
    amountCents: cents('amount_cents').notNull(),
  },
  (table) => [
    uniqueIndex('ledger_postings_line').on(table.entryId, table.line),
    index('ledger_postings_debit').on(table.debitAccountId),
    index('ledger_postings_credit').on(table.creditAccountId),
    check('ledger_postings_amount', sql`${table.amountCents} > 0 and ${table.debitAccountId} <> ${table.creditAccountId}`),
  ],
);

/** The market's rules, one row a version, never edited. */
export const policies = pgTable('policies', {
  version: integer('version').primaryKey(),
  rules: jsonb('rules').$type<Record<string, number | string>>().notNull(),
  note: text('note'),
  editedBy: idColumn('user')('edited_by'),
  validFrom: at('valid_from').notNull(),
});

/** Who did what. Append-only; each row holds the previous row's hash. */
export const auditLog = pgTable(
  'audit_log',
  {
    seq: integer('seq').primaryKey().generatedAlwaysAsIdentity(),
    actorKind: text('actor_kind').notNull(),
    actorId: text('actor_id'),
    actorName: text('actor_name').notNull(),
    action: text('action').notNull(),
    /** The id of the object: "lst_…". */
    subject: text('subject').notNull(),
    facts: jsonb('facts').$type<Record<string, string>>().notNull(),
    createdAt: at('created_at').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [index('audit_log_subject').on(table.subject, table.seq)],
);
