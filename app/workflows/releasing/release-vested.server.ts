import { computeDue, totalsAfterRefunds } from '~/modules/ledger/flows';
import { isCreditTrusted } from '~/modules/listings/index.server';
import { findBurn, grantsToVest, recordVested } from '~/modules/metering/index.server';
import { completeTransaction, findTransaction, lockTransaction, transactionsToSettle } from '~/modules/transactions/index.server';
import { atomic, type Ctx } from '~/platform/context';
import type { GrantId, TransactionId } from '~/platform/ids';
import { centsToNano } from '~/platform/money';
import { readBatches } from '~/platform/paging';
import { releaseDue, SMALLEST_RELEASE_CENTS } from './release-due.server';

const PAGE = 200;
/** The upper bound of one run. The next run continues. */
const BATCHES = { size: PAGE, atMost: 25, keyOf: ({ grantId }: { grantId: GrantId }) => grantId };
/** No price is above face value, so less burned than this cannot have vested enough; a cent is left for rounding. */
const LEAST_NANO = centsToNano(SMALLEST_RELEASE_CENTS - 1n);

/**
 * Releases vested money to sellers: of each purchase with at least $5.00 due, and of each that is fully burned. Nothing is released while
 * a purchase is frozen.
 */
export async function releaseVested(ctx: Ctx): Promise<number> {
  let count = 0;
  for await (const grants of readBatches(BATCHES, (after, size) => grantsToVest(ctx, LEAST_NANO, after, size))) {
    for (const { transactionId } of grants) if (await logFailure(ctx, transactionId, releaseOne(ctx, transactionId))) count += 1;
  }
  return count;
}

async function releaseOne(ctx: Ctx, transactionId: TransactionId): Promise<boolean> {
  return atomic(ctx, async (tx) => {
    const transaction = await lockTransaction(tx, transactionId);
    const burn = await findBurn(tx, transactionId);
    // Burned further after its settlement: all its money is released already, so only the vested amount is updated.
    if (transaction.state === 'completed') await recordVested(tx, transactionId, burn.capturedNano);
    if (transaction.state !== 'delivered') return false;
    const exhausted = burn.capturedNano === burn.creditNano - transaction.givenBackNano;
    const due = exhausted ? totalsAfterRefunds(transaction, transaction.refundedCents) : computeDue(transaction, burn);
    const openCents = due.sellerCents + due.feeCents - transaction.releasedSellerCents - transaction.releasedFeeCents;
    if (!exhausted && openCents < SMALLEST_RELEASE_CENTS) return false;
    await releaseDue(tx, transaction, due, burn.capturedNano);
    if (exhausted) await completeTransaction(tx, transactionId, 'All of it was burned. Nothing is held any more.');
    return true;
  });
}

/**
 * Settlement day: what is still held goes to the seller. The credit stays usable until its window ends, without our refund promise.
 * A lot whose credit is in doubt waits until a run with its token has succeeded.
 */
export async function settleTransactions(ctx: Ctx): Promise<number> {
  let count = 0;
  for (const id of await transactionsToSettle(ctx, PAGE)) if (await logFailure(ctx, id, settleOne(ctx, id))) count += 1;
  return count;
}

async function settleOne(ctx: Ctx, id: TransactionId): Promise<boolean> {
  return atomic(ctx, async (tx) => {
    // The order of locks is listing, transaction, grant, ledger.
    const isTrusted = await isCreditTrusted(tx, (await findTransaction(tx, id)).listingId);
    const transaction = await lockTransaction(tx, id);
    if (!isTrusted || transaction.state !== 'delivered' || transaction.settlementAt === null || transaction.settlementAt > tx.now)
      return false;
    const burn = await findBurn(tx, id);
    await releaseDue(tx, transaction, totalsAfterRefunds(transaction, transaction.refundedCents), burn.capturedNano);
    await completeTransaction(
      tx,
      id,
      'Settlement day. What was still held went to the seller; the credit stays usable to the end of its window.',
    );
    return true;
  });
}

/** Logs a failure, so that the sweep continues with the others; the next sweep retries it. */
async function logFailure(ctx: Ctx, transactionId: TransactionId, work: Promise<boolean>): Promise<boolean> {
  return work.catch((error: unknown) => {
    ctx.log.error({ err: error, transactionId }, 'a purchase could not be settled');
    return false;
  });
}
