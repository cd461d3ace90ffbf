import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { CardDetails } from '../core/records';
import type { World } from '../core/world';

export const cardFingerprint = (number: string): string => createHash('sha256').update(`card:${number}`).digest('hex').slice(0, 16);

export const billingDetails = (email: string | null): Stripe.Charge.BillingDetails => ({
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email,
  name: null,
  phone: null,
  tax_id: null,
});

/** The card of one attempt to pay. Only its last four digits are stored. */
export function newPaymentMethod(world: World, card: CardDetails, email: string | null): Stripe.PaymentMethod {
  return {
    id: world.ids.next('pm'),
    object: 'payment_method',
    allow_redisplay: 'limited',
    billing_details: billingDetails(email),
    card: {
      brand: 'visa',
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: 'visa',
      exp_month: card.expMonth,
      exp_year: card.expYear,
      fingerprint: cardFingerprint(card.number),
      funding: 'credit',
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: ['visa'], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: world.clock.seconds(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
}
