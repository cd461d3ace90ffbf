import type { SQL } from 'drizzle-orm';

export interface Rule {
  /** Its number and what it says. */
  name: string;
  /** Selects one text column `subject` per violation; `now` is the context's time. */
  violations(now: SQL): SQL;
}
