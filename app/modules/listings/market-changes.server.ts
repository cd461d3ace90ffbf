import { sql } from 'drizzle-orm';
import type { Ctx, Db } from '~/platform/context';
import type { Watch } from '~/platform/watch';

declare module '~/platform/context' {
  interface Ports {
    /** What this process has heard of changes of the market. */
    marketWatch: Watch;
  }
}

/** On which every change of what the public sees of the market is told; a trigger tells most of them (migration market-changes). */
export const marketChannel = 'market_changed';

/** While a lot is bought by many at once, a process tells of it no more often than this. */
const PAUSE_MS = 20;

interface Teller {
  telling: boolean;
  again: boolean;
}

const tellers = new WeakMap<Db, Teller>();

/**
 * Tells every process that quantity was taken from the market, after the commit that took it and without making the buyer wait: a
 * notice inside that commit would hold a lock that all commits with a notice share. At most one is under way in a process; what comes
 * meanwhile shares the next. One that is lost costs no more than pages that are as old as the cache allows.
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
      ctx.log.debug({ err: error }, 'nobody was told that the market changed');
    });
    await new Promise((done) => setTimeout(done, PAUSE_MS).unref());
  } while (teller.again);
  teller.telling = false;
}
