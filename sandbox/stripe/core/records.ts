import type Stripe from 'stripe';

/** Stripe sends decimals as strings, while the SDK's types describe their parsed form. */
export type WirePrice = Omit<Stripe.Price, 'unit_amount_decimal'> & { unit_amount_decimal: string | null };
export type WireLineItem = Omit<Stripe.LineItem, 'price'> & { price: WirePrice };

export interface CardDetails {
  number: string;
  expMonth: number;
  expYear: number;
}

/** The hidden part of a Checkout session: its line items and the plan for the payment intent. */
export interface SessionPlan {
  id: string;
  created: number;
  lineItems: WireLineItem[];
  intent: {
    metadata: Stripe.Metadata;
    description: string | null;
    receiptEmail: string | null;
    statementDescriptor: string | null;
    statementDescriptorSuffix: string | null;
    transferGroup: string | null;
  };
  /** The card that waits for 3-D Secure. */
  challengedCard: CardDetails | null;
}

export type SandboxEventType =
  | 'charge.failed'
  | 'charge.refunded'
  | 'charge.succeeded'
  | 'checkout.session.completed'
  | 'checkout.session.expired'
  | 'payment_intent.canceled'
  | 'payment_intent.created'
  | 'payment_intent.payment_failed'
  | 'payment_intent.requires_action'
  | 'payment_intent.succeeded'
  | 'refund.created'
  | 'refund.updated';

export interface SandboxEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: { object: string; id: string }; previous_attributes?: Record<string, unknown> };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: SandboxEventType;
}

export interface StoredEndpoint {
  id: string;
  created: number;
  url: string;
  secret: string;
  enabledEvents: string[];
  apiVersion: string | null;
  description: string | null;
  metadata: Stripe.Metadata;
}

export interface DeliveryAttempt {
  /** Real time as ISO 8601, which signatures use, too. */
  at: string;
  /** HTTP status, or null when there was no answer. */
  status: number | null;
  error: string | null;
}

export interface Delivery {
  id: string;
  created: number;
  eventId: string;
  eventType: SandboxEventType;
  endpointId: string;
  url: string;
  status: 'pending' | 'delivered' | 'failed' | 'discarded';
  attempts: DeliveryAttempt[];
}

/** A settlement currency other than US dollars: how many of its smallest unit make one US cent. */
export interface SettlementRate {
  currency: string;
  rate: number;
}

export interface IdempotentResult {
  /** The key itself. */
  id: string;
  created: number;
  endpoint: string;
  fingerprint: string;
  status: number;
  body: string;
  requestId: string;
}

export interface Records {
  checkoutSession: Stripe.Checkout.Session;
  sessionPlan: SessionPlan;
  paymentIntent: Stripe.PaymentIntent;
  paymentMethod: Stripe.PaymentMethod;
  charge: Stripe.Charge;
  refund: Stripe.Refund;
  balanceTransaction: Stripe.BalanceTransaction;
  event: SandboxEvent;
  webhookEndpoint: StoredEndpoint;
  delivery: Delivery;
  idempotentResult: IdempotentResult;
  settlementRate: SettlementRate & { id: string; created: number };
}

export type RecordKind = keyof Records;
