import type Stripe from 'stripe';
import type { World } from '../core/world';
import { refused } from '../http/problem';
import { refundBalanceTransaction } from '../objects/balance-transaction';
import { newRefund, withBankReference, type RefundInput } from '../objects/refund';
import { emitEvent } from '../webhooks/emit-event';

const dollars = (cents: number): string => `$${(cents / 100).toFixed(2)}`;

/** Refunds a charge, the whole rest unless an amount is given, and never more than was paid. Call inside `perform`. */
export function refundCharge(
  world: World,
  charge: Stripe.Charge,
  input: Omit<RefundInput, 'amountCents'> & { amountCents: number | undefined },
): Stripe.Refund {
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.status !== 'succeeded') throw refused(`Charge ${charge.id} was not successful and cannot be refunded.`, { param: 'charge' });
  if (left === 0) throw refused(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  const amountCents = input.amountCents ?? left;
  if (amountCents > left) {
    const message = `Refund amount (${dollars(amountCents)}) is greater than unrefunded amount on charge (${dollars(left)})`;
    throw refused(message, { param: 'amount' });
  }
  return record(world, charge, { ...input, amountCents });
}

function record(world: World, charge: Stripe.Charge, input: RefundInput): Stripe.Refund {
  const draft = newRefund(world, charge, input);
  const settlement = world.put('balanceTransaction', refundBalanceTransaction(world, draft.id, charge, input.amountCents));
  const refund = world.put('refund', { ...draft, balance_transaction: settlement.id });
  const refundedCents = charge.amount_refunded + input.amountCents;
  const after = world.put('charge', { ...charge, amount_refunded: refundedCents, refunded: refundedCents === charge.amount });
  emitEvent(world, 'refund.created', refund);
  emitEvent(world, 'charge.refunded', after, { amount_refunded: charge.amount_refunded, refunded: charge.refunded });
  const referenced = world.put('refund', withBankReference(refund, world.ids.next('arn', 23).slice(4)));
  emitEvent(world, 'refund.updated', referenced, { destination_details: refund.destination_details });
  return refund;
}
