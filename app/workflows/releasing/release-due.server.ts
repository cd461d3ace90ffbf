import { released, type Due } from '~/modules/ledger/flows';
import { post } from '~/modules/ledger/index.server';
import { recordVested } from '~/modules/metering/index.server';
import { addOut, addTransactionEvent, type Transaction } from '~/modules/transactions/index.server';
import type { Ctx } from '~/platform/context';
import { formatCents } from '~/platform/money';

/** Releases smaller than this wait for more, unless they are the last of a purchase. */
export const SMALLEST_RELEASE_CENTS = 500n;

/**
 * Posts what is due and not yet released from held money to the seller and the fee. Call it inside an atomic block that has locked the
 * transaction. `burnedNano` is the burn that made it due. Returns the released amounts.
 */
export async function releaseDue(tx: Ctx, transaction: Transaction, due: Due, burnedNano: bigint): Promise<Due> {
  const before = { sellerCents: transaction.releasedSellerCents, feeCents: transaction.releasedFeeCents };
  const out = { sellerCents: due.sellerCents - before.sellerCents, feeCents: due.feeCents - before.feeCents };
  await recordVested(tx, transaction.id, burnedNano);
  if (out.sellerCents > 0n || out.feeCents > 0n) {
    await post(tx, released({ transactionId: transaction.id, sellerId: transaction.sellerId, before, after: due }));
    await addOut(tx, transaction.id, out);
    await addTransactionEvent(
      tx,
      transaction.id,
      'released',
      `${formatCents(out.sellerCents + out.feeCents)} of the held money went to the seller for what was burned.`,
    );
  }
  return out;
}
