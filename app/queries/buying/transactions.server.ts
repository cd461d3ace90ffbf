import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { grants, listings, transactions } from '~db/schema';
import { requireUser, type Ctx } from '~/platform/context';
import { isId } from '~/platform/ids';
import { toPage } from '~/platform/paging';

const pageSize = 25;

/** The purchases of the signed-in buyer, newest first, by key. */
export async function findTransactions(ctx: Ctx, after: string | null) {
  const rows = await ctx.db
    .select({
      id: transactions.id,
      listingId: transactions.listingId,
      sellerName: listings.sellerName,
      lot: { faceNano: listings.faceNano, discountBps: listings.discountBps, creditExpiresAt: listings.creditExpiresAt },
      state: transactions.state,
      creditNano: transactions.creditNano,
      discountBps: transactions.discountBps,
      priceCents: transactions.priceCents,
      refundedCents: transactions.refundedCents,
      burnedNano: sql<string>`coalesce(${grants.capturedNano}, 0)`.mapWith(BigInt),
      settlementAt: transactions.settlementAt,
      createdAt: transactions.createdAt,
    })
    .from(transactions)
    .innerJoin(listings, eq(listings.id, transactions.listingId))
    .leftJoin(grants, eq(grants.transactionId, transactions.id))
    .where(and(eq(transactions.buyerId, requireUser(ctx)), isId('transaction', after) ? lt(transactions.id, after) : undefined))
    .orderBy(desc(transactions.id))
    .limit(pageSize + 1);
  return toPage(rows, pageSize, (row) => row.id);
}

export type TransactionRow = Awaited<ReturnType<typeof findTransactions>>['rows'][number];
