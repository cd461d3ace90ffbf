import { and, asc, eq, gte, sql } from 'drizzle-orm';
import { listings } from '~db/schema';
import type { Ctx } from '~/platform/context';
import type { ListingId } from '~/platform/ids';
import { cached, shownPolicy } from './market-cache.server';
import { onSale, soonestExpiry } from './listing-statements.server';

/** As many addresses as one file of a site map may hold (sitemaps.org). */
const PART = 50_000;

/** The first lot of each part: a part is read by that key. Empty where nothing is on sale. */
export async function findSitemapParts(ctx: Ctx): Promise<ListingId[]> {
  const { rules } = await shownPolicy(ctx);
  return cached(ctx, 'site map', async () => {
    const numbered = ctx.db
      .select({ id: listings.id, place: sql<number>`row_number() over (order by ${listings.id})`.as('place') })
      .from(listings)
      .where(onSale(soonestExpiry(ctx, rules.minDaysLeft)))
      .as('numbered');
    const firsts = await ctx.db
      .select({ id: numbered.id })
      .from(numbered)
      .where(eq(sql`(${numbered.place} - 1) % ${PART}`, 0))
      .orderBy(asc(numbered.id));
    return firsts.map(({ id }) => id);
  });
}

/** The lots on sale from one on, at most 50,000. */
export async function findSitemapLots(ctx: Ctx, first: ListingId): Promise<ListingId[]> {
  const { rules } = await shownPolicy(ctx);
  return cached(ctx, `site map ${first}`, async () => {
    const rows = await ctx.db
      .select({ id: listings.id })
      .from(listings)
      .where(and(onSale(soonestExpiry(ctx, rules.minDaysLeft)), gte(listings.id, first)))
      .orderBy(asc(listings.id))
      .limit(PART);
    return rows.map(({ id }) => id);
  });
}
