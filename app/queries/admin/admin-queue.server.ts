import { and, asc, count, desc, eq, exists, gt, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import { listingReviews, listings, mailOutbox, refunds } from '~db/schema';
import { priceCents } from '~/platform/money';
import { requireAdmin, type Ctx } from '~/platform/context';
import { addDays } from '~/platform/dates';
import type { ListingId, UserId } from '~/platform/ids';
import { toPage } from '~/platform/paging';
import { reviewFlags } from '~/modules/listings/review-flags';

const pageSize = 50;

/** The lists of the queue page: waiting for an admin, waiting for the seller, and lots that failed a check. */
const lists = {
  waiting: or(eq(listings.state, 'in_review'), isNotNull(listings.raiseToNano)),
  asked: eq(listings.state, 'needs_info'),
  failing: isNotNull(listings.mendUntilAt),
};
export type QueueList = keyof typeof lists;

export function isQueueList(name: string | null): name is QueueList {
  return name !== null && Object.hasOwn(lists, name);
}

/** One list of the queue page, oldest first, 50 per page; `after` is the last item of the previous page. */
export async function adminQueue(ctx: Ctx, { show = 'waiting', after = null }: { show?: QueueList; after?: ListingId | null } = {}) {
  requireAdmin(ctx);
  const start = after ? await findQueueKey(ctx, after) : null;
  const rows = await ctx.db
    .select({
      listing: listings,
      answered: sql<boolean>`${hasReview(ctx, 'answer')}`,
      rejected: sql<boolean>`${hasReview(ctx, 'reject')}`,
    })
    .from(listings)
    .where(and(lists[show], start ? isAfter(start) : undefined))
    .orderBy(asc(listings.submittedAt), asc(listings.id))
    .limit(pageSize + 1);
  const page = toPage(rows, pageSize, ({ listing }) => listing.id);
  return {
    items: page.rows.map(({ listing, answered, rejected }) => ({
      id: listing.id,
      submittedAt: listing.submittedAt ?? listing.createdAt,
      sellerName: listing.sellerName,
      state: listing.state,
      raiseToNano: listing.raiseToNano,
      own: ctx.actor.kind === 'user' && listing.sellerId === ctx.actor.userId,
      faceNano: listing.faceNano,
      discountBps: listing.discountBps,
      creditExpiresAt: listing.creditExpiresAt,
      priceCents: priceCents(
        listing.raiseToNano === null ? listing.listedNano : listing.raiseToNano - listing.faceNano,
        listing.discountBps,
      ),
      flags: [...(listing.raiseToNano === null ? [] : ['Raise']), ...reviewFlags({ ...listing, answered, rejected }, ctx.now)],
    })),
    nextAfter: page.next,
    ...(await counts(ctx)),
  };
}

/** Whether a review step was ever recorded for the listing of the outer query. */
function hasReview(ctx: Ctx, step: 'answer' | 'reject') {
  const reviews = ctx.db
    .select({ one: sql`1` })
    .from(listingReviews)
    .where(and(eq(listingReviews.listingId, listings.id), eq(listingReviews.step, step)));
  return exists(reviews);
}

interface QueueKey {
  at: Date;
  id: ListingId;
}

const isAfter = ({ at, id }: QueueKey) => or(gt(listings.submittedAt, at), and(eq(listings.submittedAt, at), gt(listings.id, id)));

/** The next waiting listing after this one, then the oldest again; never one of the admin's own. */
export async function nextInQueue(ctx: Ctx, adminId: UserId, key: QueueKey) {
  const [next] = await ctx.db
    .select({ id: listings.id, faceNano: listings.faceNano, discountBps: listings.discountBps, sellerName: listings.sellerName })
    .from(listings)
    .where(and(lists.waiting, ne(listings.sellerId, adminId), ne(listings.id, key.id)))
    .orderBy(desc(sql`${isAfter(key)}`), asc(listings.submittedAt), asc(listings.id))
    .limit(1);
  return next ?? null;
}

async function findQueueKey(ctx: Ctx, id: ListingId): Promise<QueueKey | null> {
  const [row] = await ctx.db.select({ at: listings.submittedAt }).from(listings).where(eq(listings.id, id));
  return row?.at ? { at: row.at, id } : null;
}

async function counts(ctx: Ctx) {
  const [[waiting], [checks], [mail], [failed], [asked]] = await Promise.all([
    ctx.db
      .select({ n: count(), oldest: sql<string | null>`min(${listings.submittedAt})` })
      .from(listings)
      .where(lists.waiting),
    ctx.db.select({ n: count() }).from(listings).where(lists.failing),
    ctx.db
      .select({ n: count() })
      .from(mailOutbox)
      .where(and(isNull(mailOutbox.sentAt), isNotNull(mailOutbox.failure), gt(mailOutbox.createdAt, addDays(ctx.now, -7)))),
    ctx.db.select({ n: count() }).from(refunds).where(eq(refunds.state, 'failed')),
    ctx.db.select({ n: count() }).from(listings).where(lists.asked),
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
