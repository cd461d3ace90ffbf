import { and, asc, count, eq, gt, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { listings, mailOutbox, refunds } from '~db/schema';
import { priceCents } from '~/platform/money';
import { requireAdmin, type Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import type { ListingId } from '~/platform/ids';
import { reviewFlags } from '~/modules/listings/review-flags';

const pageSize = 50;

/** What waits for an admin's decision, oldest first, 50 to a page; `after` is the last item of the page before. */
export async function adminQueue(ctx: Ctx, after: ListingId | null) {
  requireAdmin(ctx);
  const start = after ? await keyOf(ctx, after) : null;
  const rows = await ctx.db
    .select({
      listing: listings,
      answered: sql<boolean>`exists (select 1 from listing_reviews r where r.listing_id = ${listings.id} and r.step = 'answer')`,
      rejected: sql<boolean>`exists (select 1 from listing_reviews r where r.listing_id = ${listings.id} and r.step = 'reject')`,
    })
    .from(listings)
    .where(
      and(
        eq(listings.state, 'in_review'),
        start ? or(gt(listings.submittedAt, start.at), and(eq(listings.submittedAt, start.at), gt(listings.id, start.id))) : undefined,
      ),
    )
    .orderBy(asc(listings.submittedAt), asc(listings.id))
    .limit(pageSize + 1);
  const page = rows.slice(0, pageSize);
  return {
    items: page.map(({ listing, answered, rejected }) => ({
      id: listing.id,
      submittedAt: listing.submittedAt ?? listing.createdAt,
      sellerName: listing.sellerName,
      own: ctx.actor.kind === 'user' && listing.sellerId === ctx.actor.userId,
      faceNano: listing.faceNano,
      discountBps: listing.discountBps,
      priceCents: priceCents(listing.listedNano, listing.discountBps),
      flags: reviewFlags({ ...listing, answered, rejected }, ctx.now),
    })),
    nextAfter: rows.length > pageSize ? (page.at(-1)?.listing.id ?? null) : null,
    ...(await counts(ctx)),
  };
}

async function keyOf(ctx: Ctx, id: ListingId): Promise<{ at: Date; id: ListingId } | null> {
  const [row] = await ctx.db.select({ at: listings.submittedAt }).from(listings).where(eq(listings.id, id));
  return row?.at ? { at: row.at, id } : null;
}

async function counts(ctx: Ctx) {
  const [[waiting], [checks], [mail], [failed], [asked]] = await Promise.all([
    ctx.db
      .select({ n: count(), oldest: sql<string | null>`min(${listings.submittedAt})` })
      .from(listings)
      .where(eq(listings.state, 'in_review')),
    ctx.db.select({ n: count() }).from(listings).where(isNotNull(listings.mendUntilAt)),
    ctx.db
      .select({ n: count() })
      .from(mailOutbox)
      .where(and(isNull(mailOutbox.sentAt), isNotNull(mailOutbox.failure), gt(mailOutbox.createdAt, addDays(ctx.now, -7)))),
    ctx.db.select({ n: count() }).from(refunds).where(eq(refunds.state, 'failed')),
    ctx.db
      .select({ n: count() })
      .from(listings)
      .where(and(eq(listings.state, 'needs_info'), lt(listings.createdAt, ctx.now))),
  ]);
  return {
    waiting: waiting?.n ?? 0,
    oldestAt: waiting?.oldest ? new Date(waiting.oldest) : null,
    underCheck: checks?.n ?? 0,
    undeliveredMail: mail?.n ?? 0,
    failedRefunds: failed?.n ?? 0,
    withSellers: asked?.n ?? 0,
  };
}
