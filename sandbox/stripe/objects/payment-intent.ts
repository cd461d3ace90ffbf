import type Stripe from 'stripe';
import type { SessionPlan } from '../core/records';
import type { World } from '../core/world';

/** The payment intent Checkout makes when a customer first tries to pay. */
export function newPaymentIntent(world: World, session: Stripe.Checkout.Session, plan: SessionPlan): Stripe.PaymentIntent {
  const id = world.ids.next('pi');
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: ['card'],
    amount: session.amount_total ?? 0,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${world.ids.next('x').slice(2)}`,
    confirmation_method: 'automatic',
    created: world.clock.seconds(),
    currency: 'usd',
    customer: null,
    customer_account: null,
    description: plan.intent.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: plan.intent.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: session.payment_method_options?.card?.request_three_d_secure ?? 'automatic',
      },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: plan.intent.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: plan.intent.statementDescriptor,
    statement_descriptor_suffix: plan.intent.statementDescriptorSuffix,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: plan.intent.transferGroup,
  };
}
