import { balanceTransactionAt } from '../objects/balance-transaction';
import type { World } from './world';

/** Any stored Stripe object by its id, as it would be retrieved now; used by `expand`. */
export function findObject(world: World, id: string): object | undefined {
  const { tables } = world;
  const transaction = tables.balanceTransaction.get(id);
  if (transaction !== undefined) return balanceTransactionAt(transaction, world.clock.seconds());
  return (
    tables.paymentIntent.get(id) ??
    tables.charge.get(id) ??
    tables.refund.get(id) ??
    tables.paymentMethod.get(id) ??
    tables.checkoutSession.get(id)
  );
}
