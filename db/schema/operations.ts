import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { at } from '../columns';

/** The last result of each invariant, so that monitoring need not check the whole database. */
export const invariantChecks = pgTable('invariant_checks', {
  /** Number and name, as `npm run invariants` prints it. */
  rule: text('rule').primaryKey(),
  outcome: text('outcome', { enum: ['holds', 'broken', 'unchecked'] }).notNull(),
  /** Violations, at most twenty. */
  subjects: jsonb('subjects').$type<string[]>().notNull(),
  checkedAt: at('checked_at').notNull(),
  /** Since when it has had this outcome. */
  sinceAt: at('since_at').notNull(),
});

/** Heartbeats of processes that run jobs. Real time, since a moved clock moves no process. */
export const workers = pgTable('workers', {
  id: text('id').primaryKey(),
  /** Of the process's start. */
  pid: integer('pid').notNull(),
  startedAt: at('started_at').notNull(),
  seenAt: at('seen_at').notNull(),
});
