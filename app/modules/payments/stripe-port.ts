import { z } from 'zod';
import type { CheckoutId } from '~/platform/ids';

/**
 * The outcome of a call that changes something at Stripe. `unknown`: it may have been done (no answer, a 5xx, a page that is not
 * Stripe's); retry with the same key, or look it up. `final`: Stripe will never accept these parameters.
 */
export type StripeOutcome<T> =
  | { outcome: 'done'; value: T }
  | { outcome: 'not_done'; final: boolean; code: string; message: string }
  | { outcome: 'unknown'; message: string };

/** The parameters of a checkout's session, stored with the intent, so that a retry sends exactly the same. */
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
  /** Our own id, which Stripe returns; null for a session that is not ours. */
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
  /** Our own id, which Stripe returns; null for refunds made elsewhere, such as in Stripe's Dashboard. */
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
  /** The id of the event's object. The event's content is not trusted; the object is fetched again. */
  objectId: string;
}

/** Stripe as the domain sees it. Reads return null if Stripe has no such object, and throw if Stripe cannot be reached. */
export interface StripePort {
  createCheckoutSession(request: SessionRequest, idempotencyKey: string): Promise<StripeOutcome<StripeSession>>;
  expireCheckoutSession(sessionId: string): Promise<StripeOutcome<StripeSession>>;
  createRefund(request: RefundRequest, idempotencyKey: string): Promise<StripeOutcome<StripeRefund>>;
  retrieveCheckoutSession(sessionId: string): Promise<StripeSession | null>;
  retrieveRefund(stripeRefundId: string): Promise<StripeRefund | null>;
  /** Searches the sessions since a time for the one of a checkout. */
  findSessionByCheckout(checkoutId: CheckoutId, since: Date): Promise<StripeSession | null>;
  /** The session with this payment intent. */
  findSessionByPayment(paymentIntentId: string): Promise<StripeSession | null>;
  /** All refunds of a payment, ours or not. */
  refundsOfPayment(paymentIntentId: string): Promise<StripeRefund[]>;
  /** Refunds since a time, newest first. */
  refundsSince(since: Date): AsyncIterable<StripeRefund>;
  /** Completed sessions since a time, newest first. */
  completedSessions(since: Date): AsyncIterable<StripeSession>;
  /** Verifies the signature over the raw body. Null if it is forged, too old, or not an event. */
  readEvent(rawBody: Buffer, signature: string): Promise<StripeEvent | null>;
}

declare module '~/platform/context' {
  interface Ports {
    stripe: StripePort;
  }
}
