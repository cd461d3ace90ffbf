import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { at } from '../columns';

/** The last result of each invariant, so that whoever watches reads it instead of checking the whole database. */
export const invariantChecks = pgTable('invariant_checks', {
  /** Number and name, as `npm run invariants` prints it. */
  rule: text('rule').primaryKey(),
  outcome: text('outcome', { enum: ['holds', 'broken', 'unchecked'] }).notNull(),
  /** What breaks it, at most twenty. */
  subjects: jsonb('subjects').$type<string[]>().notNull(),
  checkedAt: at('checked_at').notNull(),
  /** Since when the outcome has been this one. */
  sinceAt: at('since_at').notNull(),
});

/** Processes that work off jobs, by their last sign of life. Real time, since a moved clock moves no process. */
export const workers = pgTable('workers', {
  id: text('id').primaryKey(),
  /** Of the process. */
  pid: integer('pid').notNull(),
  startedAt: at('started_at').notNull(),
  seenAt: at('seen_at').notNull(),
});
