import { z } from 'zod';
import type { CheckoutId } from '~/platform/ids';

/**
 * What became of a call that changes something at Stripe. `unknown`: it may have been done (no answer, a 5xx, a page that is not
 * Stripe's); only the same key, or a look at Stripe, can tell. `final`: the same parameters will never be accepted.
 */
export type StripeOutcome<T> =
  | { outcome: 'done'; value: T }
  | { outcome: 'not_done'; final: boolean; code: string; message: string }
  | { outcome: 'unknown'; message: string };

/** All that is said to Stripe when a checkout opens; stored with the intent, so that a retry says exactly the same. */
export const SessionRequest = z.object({
  checkoutId: z.custom<CheckoutId>((value) => typeof value === 'string' && value.startsWith('chk_')),
  lines: z.array(z.object({ name: z.string(), description: z.string(), amountCents: z.number().int().positive() })).min(1),
  customerEmail: z.string().nullable(),
  successUrl: z.string(),
  cancelUrl: z.string(),
  /** Seconds since 1970, between 30 minutes and 24 hours ahead. */
  expiresAt: z.number().int(),
  requestThreeDSecure: z.boolean(),
});
export type SessionRequest = z.infer<typeof SessionRequest>;

export interface StripeSession {
  id: string;
  /** Our own id, as Stripe gives it back; null for a session that is not ours. */
  checkoutId: string | null;
  status: 'open' | 'complete' | 'expired';
  paid: boolean;
  mode: string;
  currency: string;
  totalCents: bigint;
  /** The hosted page, while it is open. */
  url: string | null;
  payment: { paymentIntentId: string; chargeId: string | null; feeCents: bigint | null; cardLastFour: string | null } | null;
}

export interface StripeRefund {
  id: string;
  /** Our own id, as Stripe gives it back; null for a refund that we did not ask for, such as one made in Stripe's Dashboard. */
  refundId: string | null;
  paymentIntentId: string | null;
  amountCents: bigint;
  currency: string;
  status: 'pending' | 'succeeded' | 'failed';
  failure: string | null;
}

export interface RefundRequest {
  refundId: string;
  paymentIntentId: string;
  amountCents: bigint;
}

export interface StripeEvent {
  id: string;
  type: string;
  /** The id of the object it is about; its content is never believed, the object is fetched again. */
  objectId: string;
}

/** Stripe, in our words. Reading answers the thing, null when Stripe has none, or throws when Stripe cannot be asked. */
export interface StripePort {
  createCheckoutSession(request: SessionRequest, idempotencyKey: string): Promise<StripeOutcome<StripeSession>>;
  expireCheckoutSession(sessionId: string): Promise<StripeOutcome<StripeSession>>;
  createRefund(request: RefundRequest, idempotencyKey: string): Promise<StripeOutcome<StripeRefund>>;
  retrieveCheckoutSession(sessionId: string): Promise<StripeSession | null>;
  retrieveRefund(stripeRefundId: string): Promise<StripeRefund | null>;
  /** Looks through the sessions made since a time for the one of a checkout. */
  findSessionByCheckout(checkoutId: CheckoutId, since: Date): Promise<StripeSession | null>;
  /** The session that was paid by a payment intent. */
  findSessionByPayment(paymentIntentId: string): Promise<StripeSession | null>;
  /** Every refund of a payment, whoever made it. */
  refundsOfPayment(paymentIntentId: string): Promise<StripeRefund[]>;
  /** Refunds made since a time, newest first. */
  refundsSince(since: Date): AsyncIterable<StripeRefund>;
  /** Sessions that were completed, newest first, back to a time. */
  completedSessions(since: Date): AsyncIterable<StripeSession>;
  /** Verifies the signature over the raw body. Null for one that is forged, too old, or no event. */
  readEvent(rawBody: Buffer, signature: string): Promise<StripeEvent | null>;
}

declare module '~/platform/context' {
  interface Ports {
    stripe: StripePort;
  }
}
