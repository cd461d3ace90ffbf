import { burnOf, grantsToVest } from '~/modules/metering/index.server';
import { completeTransaction, lockTransaction, transactionsToSettle } from '~/modules/transactions/index.server';
import { atomic, type Ctx } from '~/platform/context';
import type { GrantId, TransactionId } from '~/platform/ids';
import { dueAt, releaseDue, SMALLEST_RELEASE_CENTS } from './release-due.server';

const PAGE = 200;
/** Upper bound of one run; what is left waits for the next. */
const PAGES = 25;

/**
 * Credit that was burned makes held money the seller's: for each purchase with at least $5.00 due, and for each that is burned to the
 * last, the part that has vested is released. Nothing is released while a purchase is frozen.
 */
export async function releaseVested(ctx: Ctx): Promise<number> {
  let after: GrantId | null = null;
  let count = 0;
  for (let page = 0; page < PAGES; page++) {
    const grants = await grantsToVest(ctx, after, PAGE);
    for (const grant of grants) if (await releaseOne(ctx, grant.transactionId)) count += 1;
    after = grants.at(-1)?.grantId ?? null;
    if (grants.length < PAGE) break;
  }
  return count;
}

async function releaseOne(ctx: Ctx, transactionId: TransactionId): Promise<boolean> {
  return atomic(ctx, async (tx) => {
    const transaction = await lockTransaction(tx, transactionId);
    if (transaction.state !== 'delivered') return false;
    const burn = await burnOf(tx, transactionId);
    const due = dueAt(transaction, burn);
    const exhausted = burn.capturedNano === burn.purchasedNano;
    const openCents = due.sellerCents + due.feeCents - transaction.releasedSellerCents - transaction.releasedFeeCents;
    if (!exhausted && openCents < SMALLEST_RELEASE_CENTS) return false;
    await releaseDue(tx, transaction, due, burn.capturedNano);
    if (exhausted) await completeTransaction(tx, transactionId, 'All of it was burned. Nothing is held any more.');
    return true;
  });
}

/** Settlement day: what is still held goes to the seller. The credit stays usable to the end of its window, without our refund promise. */
export async function settleTransactions(ctx: Ctx): Promise<number> {
  const ids = await transactionsToSettle(ctx, PAGE);
  for (const id of ids) {
    await atomic(ctx, async (tx) => {
      const transaction = await lockTransaction(tx, id);
      if (transaction.state !== 'delivered' || transaction.settlementAt === null || transaction.settlementAt > tx.now) return;
      const burn = await burnOf(tx, id);
      await releaseDue(tx, transaction, { sellerCents: transaction.sellerTotalCents, feeCents: transaction.feeCents }, burn.capturedNano);
      await completeTransaction(
        tx,
        id,
        'Settlement day. What was still held went to the seller; the credit stays usable to the end of its window.',
      );
    });
  }
  return ids.length;
}
