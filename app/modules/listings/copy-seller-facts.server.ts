import { sql } from 'drizzle-orm';
import type { Ctx } from '~/platform/context';
import { idToUuid, type UserId } from '~/platform/ids';

/**
 * Copies sellers' public facts and level (levels.ts) onto their listings that have not ended, so that browsing needs no join. Every change
 * of a profile calls it in the same block. Returns how many listings changed.
 */
export async function copySellerFacts(tx: Ctx, sellerIds: readonly UserId[]): Promise<number> {
  const level = sql`case when p.seasoned_at is null then 1 else 4 end`;
  const sellers = `{${sellerIds.map(idToUuid).join(',')}}`;
  const rows = await tx.db.execute(sql`
    with stale as (
      select l.id, p.public_name, p.burned_nano, p.failed_lots, ${level} as level from listings l join seller_profiles p on p.user_id = l.seller_id
      where l.seller_id = any(${sellers}::uuid[]) and l.state not in ('failed', 'withdrawn', 'expired')
        and (l.seller_name, l.seller_burned_nano, l.seller_failed_lots, l.level)
          is distinct from (p.public_name, p.burned_nano, p.failed_lots, ${level})
      order by l.id for no key update of l
    )
    update listings l set seller_name = stale.public_name, seller_burned_nano = stale.burned_nano, seller_failed_lots = stale.failed_lots, level = stale.level
    from stale where l.id = stale.id returning l.id`);
  return rows.length;
}
