import type { SQL } from 'drizzle-orm';

export interface Rule {
  /** Its number in the plan of the money's rules, and what it says. */
  name: string;
  /** Selects one text column `subject` per violation; `now` is the context's clock. */
  violations(now: SQL): SQL;
}
