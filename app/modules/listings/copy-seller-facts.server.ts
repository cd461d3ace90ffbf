import { sql } from 'drizzle-orm';
import type { Ctx } from '~/platform/context';

/**
 * Brings the sellers' public fields on their listings up to date, so that browsing joins nothing. A burn does not write them itself:
 * it would lock every lot of its seller. Answers how many listings changed.
 */
export async function copySellerFacts(ctx: Ctx): Promise<number> {
  const rows = await ctx.db.execute(sql`
    update listings l set seller_name = p.public_name, seller_burned_nano = p.burned_nano, seller_failed_lots = p.failed_lots
    from seller_profiles p
    where p.user_id = l.seller_id
      and (l.seller_name, l.seller_burned_nano, l.seller_failed_lots) is distinct from (p.public_name, p.burned_nano, p.failed_lots)
    returning l.id`);
  return rows.length;
}
