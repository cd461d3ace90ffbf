import type { World } from '../core/world';
import type { Parameters } from '../http/parameters';
import { invalid } from '../http/problem';
import type { SessionInput } from '../objects/checkout-session';
import type { LineItemInput } from '../objects/line-item';
import type { SessionPlan } from '../core/records';

const HALF_HOUR = 30 * 60;
const DAY = 24 * 60 * 60;
const LEAST_CENTS = 50;
const MOST_CENTS = 99_999_999;

/** Stripe's parameters that the sandbox does not implement and refuses with 501. */
const otherParameters = [
  'adaptive_pricing', 'after_expiration', 'allow_promotion_codes', 'branding_settings', 'consent_collection', 'currency', 'custom_fields',
  'custom_text', 'customer', 'customer_account', 'customer_creation', 'customer_update', 'discounts', 'excluded_payment_method_types',
  'integration_identifier', 'invoice_creation', 'managed_payments', 'name_collection', 'optional_items', 'origin_context',
  'payment_method_collection', 'payment_method_configuration', 'payment_method_data', 'permissions', 'redirect_on_completion', 'return_url',
  'saved_payment_method_options', 'setup_intent_data', 'shipping_address_collection', 'shipping_options', 'subscription_data', 'wallet_options',
]; // prettier-ignore

export interface SessionRequest {
  session: SessionInput;
  lineItems: LineItemInput[];
  intent: SessionPlan['intent'];
}

/** Reads `checkout.sessions.create` and refuses what Stripe would refuse. */
export function readSession(parameters: Parameters, world: World): SessionRequest {
  parameters.unsupported(...otherParameters);
  readFixedParameters(parameters);
  const lineItems = readLineItems(parameters);
  return {
    session: {
      allowedPaymentMethodTypes: readPaymentMethodTypes(parameters),
      billingAddressCollection: parameters.choice('billing_address_collection', ['auto', 'required']) ?? null,
      cancelUrl: parameters.url('cancel_url') ?? null,
      clientReferenceId: parameters.text('client_reference_id', { max: 200 }) ?? null,
      customerEmail: readEmail(parameters),
      expiresAt: readExpiry(parameters, world.clock.seconds()),
      locale: parameters.choice('locale', ['auto', 'en', 'en-GB']) ?? null,
      metadata: parameters.metadata('metadata'),
      requestThreeDSecure: readThreeDSecure(parameters),
      submitType: parameters.choice('submit_type', ['auto', 'book', 'donate', 'pay']) ?? null,
      successUrl: parameters.url('success_url') ?? parameters.missing('success_url'),
    },
    lineItems,
    intent: readIntent(parameters.group('payment_intent_data')),
  };
}

/** Parameters that must have this one value here. */
function readFixedParameters(parameters: Parameters): void {
  if (parameters.choice('mode', ['payment', 'setup', 'subscription']) !== 'payment') {
    throw invalid('The Stripe sandbox knows mode `payment` only.', 'mode');
  }
  parameters.choice('ui_mode', ['hosted_page']);
  for (const name of ['automatic_tax', 'phone_number_collection', 'tax_id_collection']) {
    const group = parameters.group(name);
    if (group?.flag('enabled') === true) group.unsupported('enabled');
  }
}

function readPaymentMethodTypes(parameters: Parameters): string[] | null {
  const types = parameters.texts('allowed_payment_method_types');
  const other = types.find((type) => type !== 'card');
  if (other !== undefined) throw invalid(`The payment method type provided: ${other} is invalid.`, 'allowed_payment_method_types');
  return types.length === 0 ? null : types;
}

function readEmail(parameters: Parameters): string | null {
  const email = parameters.text('customer_email', { max: 800 });
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email))
    throw invalid(`Invalid email address: ${email}`, 'customer_email', 'email_invalid');
  return email ?? null;
}

function readExpiry(parameters: Parameters, now: number): number {
  const expiresAt = parameters.integer('expires_at');
  if (expiresAt === undefined) return now + DAY;
  if (expiresAt < now + HALF_HOUR) {
    throw invalid('The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.', 'expires_at');
  }
  if (expiresAt > now + DAY)
    throw invalid('The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.', 'expires_at');
  return expiresAt;
}

function readThreeDSecure(parameters: Parameters): SessionInput['requestThreeDSecure'] {
  const card = parameters.group('payment_method_options')?.group('card');
  return card?.choice('request_three_d_secure', ['automatic', 'any', 'challenge']) ?? 'automatic';
}

function readIntent(data: Parameters | undefined): SessionPlan['intent'] {
  data?.unsupported('application_fee_amount', 'on_behalf_of', 'setup_future_usage', 'shipping', 'transfer_data');
  if (data?.choice('capture_method', ['automatic', 'automatic_async', 'manual']) === 'manual') data.unsupported('capture_method');
  return {
    metadata: data?.metadata('metadata') ?? {},
    description: data?.text('description', { max: 1000 }) ?? null,
    receiptEmail: data?.text('receipt_email', { max: 800 }) ?? null,
    statementDescriptor: data?.text('statement_descriptor', { max: 22 }) ?? null,
    statementDescriptorSuffix: data?.text('statement_descriptor_suffix', { max: 22 }) ?? null,
    transferGroup: data?.text('transfer_group', { max: 500 }) ?? null,
  };
}

function readLineItems(parameters: Parameters): LineItemInput[] {
  const items = parameters.groups('line_items').map(readLineItem);
  if (items.length === 0) parameters.missing('line_items');
  if (items.length > 100) throw invalid('Checkout Sessions can have at most 100 line items.', 'line_items');
  const total = items.reduce((sum, item) => sum + item.unitAmountCents * item.quantity, 0);
  if (total < LEAST_CENTS) {
    throw invalid("The Checkout Session's total amount due must add up to at least $0.50 usd", 'line_items', 'amount_too_small');
  }
  if (total > MOST_CENTS)
    throw invalid("The Checkout Session's total amount must be no more than $999,999.99", 'line_items', 'amount_too_large');
  return items;
}

function readLineItem(item: Parameters): LineItemInput {
  item.unsupported('adjustable_quantity', 'price', 'tax_rates');
  const price = item.group('price_data') ?? item.missing('price_data');
  price.unsupported('product', 'recurring', 'unit_amount_decimal');
  const currency = price.requiredText('currency').toLowerCase();
  if (currency !== 'usd') throw invalid(`Invalid currency: ${currency}. The Stripe sandbox trades in usd only.`, price.nameOf('currency'));
  price.choice('tax_behavior', ['exclusive', 'inclusive', 'unspecified']);
  const product = price.group('product_data') ?? price.missing('product_data');
  product.text('description', { max: 40_000 });
  product.texts('images');
  product.metadata('metadata');
  product.text('tax_code');
  return {
    name: product.requiredText('name', { max: 5000 }),
    currency,
    unitAmountCents: price.requiredInteger('unit_amount', { min: 0, max: MOST_CENTS }),
    quantity: item.requiredInteger('quantity', { min: 1, max: 1_000_000 }),
    metadata: item.metadata('metadata'),
  };
}
