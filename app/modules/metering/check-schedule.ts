import { sql, type SQL } from 'drizzle-orm';

/** The first look at a run whose create has been answered. */
export const FIRST_CHECK_MS = 2_000;
/** The first look at a run whose create may still be under way: longer than a create can take. */
export const UNANSWERED_CHECK_MS = 60_000;

/** After looks 1, 2 and 3: 5, 15, 60 s; later every five minutes (docs/replicate.md#bounds-and-settling). `checks` counts those made before this one. */
export function nextCheckAfter(now: Date, checks: SQL): SQL {
  return sql`${now.toISOString()}::timestamptz + (case when ${checks} = 0 then 5 when ${checks} = 1 then 15 when ${checks} < 30 then 60 else 300 end) * interval '1 second'`;
}
