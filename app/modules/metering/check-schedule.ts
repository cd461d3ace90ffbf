import { sql, type SQL } from 'drizzle-orm';

/** Delay of the first check of a run whose create was answered. */
export const FIRST_CHECK_MS = 2_000;
/** Delay of the first check of a run whose create may still be in progress: longer than a create can take. */
export const UNANSWERED_CHECK_MS = 60_000;

/**
 * Checks 2 to 4 come after 5, 15 and 60 s, later ones every five minutes (docs/replicate.md#bounds-and-settling). `checks` counts the
 * earlier ones.
 */
export function nextCheckAfter(now: Date, checks: SQL): SQL {
  return sql`${now.toISOString()}::timestamptz + (case when ${checks} = 0 then 5 when ${checks} = 1 then 15 when ${checks} < 30 then 60 else 300 end) * interval '1 second'`;
}
