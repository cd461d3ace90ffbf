import { sql } from 'drizzle-orm';
import type { Ctx, Db } from '~/platform/context';
import type { Watch } from '~/platform/watch';

declare module '~/platform/context' {
  interface Ports {
    /** Notifies this process of changes of the market. */
    marketWatch: Watch;
  }
}

/** On which every change of what the public sees of the market is told; a trigger tells most of them (migration market-changes). */
export const marketChannel = 'market_changed';

/** The shortest pause between two notifications of a process. */
const PAUSE_MS = 20;

interface Teller {
  telling: boolean;
  again: boolean;
}

const tellers = new WeakMap<Db, Teller>();

/**
 * Notifies every process that quantity was taken, after the commit and without making the buyer wait: NOTIFY inside the commit would take
 * a lock that all such commits share. Calls during a notification share the next one. A lost one only leaves cached pages as old as
 * their lifetime.
 */
export function tellMarketChanged(ctx: Ctx): void {
  const teller = tellers.get(ctx.db) ?? { telling: false, again: false };
  tellers.set(ctx.db, teller);
  if (teller.telling) teller.again = true;
  else void tell(ctx, teller);
}

async function tell(ctx: Ctx, teller: Teller): Promise<void> {
  teller.telling = true;
  do {
    teller.again = false;
    await ctx.db.execute(sql`select pg_notify(${marketChannel}, '')`).catch((error: unknown) => {
      ctx.log.debug({ err: error }, 'a change of the market was not notified');
    });
    await new Promise((done) => setTimeout(done, PAUSE_MS).unref());
  } while (teller.again);
  teller.telling = false;
}
