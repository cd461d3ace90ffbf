import { findTransaction } from '~/modules/transactions/index.server';
import { requireUser, type Ctx } from '~/platform/context';
import { conflict, notFound } from '~/platform/errors';
import { isId } from '~/platform/ids';
import { refundUnburned, type RefundState } from './refund-unburned.server';

/**
 * The buyer does not wait for a paused lot to be mended: the unburned part of this purchase is refunded now (once runs that are still open
 * have ended). @throws DomainError 404 for anyone else's purchase, 409 when the lot is not paused.
 */
export async function takeRefundNow(ctx: Ctx, transactionId: string): Promise<RefundState> {
  const buyerId = requireUser(ctx);
  if (!isId('transaction', transactionId)) throw notFound('transaction');
  const transaction = await findTransaction(ctx, transactionId);
  if (transaction.buyerId !== buyerId) throw notFound('transaction');
  if (transaction.state !== 'frozen')
    throw conflict('not_paused', 'A refund can be taken while the lot is paused. It is not paused (any more).');
  return refundUnburned(ctx, { transactionId, reason: 'You took the refund while the lot was paused.' });
}
