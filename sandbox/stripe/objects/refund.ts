import type Stripe from 'stripe';
import type { World } from '../core/world';

export interface RefundInput {
  amountCents: number;
  metadata: Stripe.Metadata;
  reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null;
}

/** A card refund as Stripe first returns it: succeeded at once, without its bank reference. */
export function newRefund(world: World, charge: Stripe.Charge, input: RefundInput): Stripe.Refund {
  return {
    id: world.ids.next('re'),
    object: 'refund',
    amount: input.amountCents,
    balance_transaction: null,
    charge: charge.id,
    created: world.clock.seconds(),
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: input.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: input.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  };
}

export const withBankReference = (refund: Stripe.Refund, reference: string): Stripe.Refund => ({
  ...refund,
  destination_details: {
    card: { reference, reference_status: 'available', reference_type: 'acquirer_reference_number', type: 'refund' },
    type: 'card',
  },
});
