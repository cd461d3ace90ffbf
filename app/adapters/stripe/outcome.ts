import Stripe from 'stripe';
import type { StripeOutcome } from '~/modules/payments/stripe-port';

/** Turns a changing call into an outcome, so that no caller mistakes "no answer" for "not done". */
export async function toOutcome<Answer, T>(call: Promise<Answer>, read: (answer: Answer) => T): Promise<StripeOutcome<T>> {
  try {
    return { outcome: 'done', value: read(await call) };
  } catch (error) {
    return toFailure(error);
  }
}

/** Error types of Stripe's v1 API. A proxy's `{"error": "…"}` has none of them, yet the SDK makes a StripeError of it. */
const envelopeTypes = ['api_error', 'card_error', 'idempotency_error', 'invalid_request_error', 'rate_limit_error', 'authentication_error'];

/**
 * A 4xx in Stripe's own format was not done. Anything else may have been: other formats, no status (an HTML page, a dropped
 * connection), a 5xx, a 409 (the key is in use), and a key that Stripe knows with other parameters.
 */
export function toFailure(error: unknown): Exclude<StripeOutcome<never>, { outcome: 'done' }> {
  if (!(error instanceof Stripe.errors.StripeError))
    return { outcome: 'unknown', message: error instanceof Error ? error.message : 'no answer' };
  const { statusCode, message } = error;
  const indeterminate =
    !envelopeTypes.includes(String(error.rawType)) ||
    statusCode === undefined ||
    statusCode >= 500 ||
    statusCode === 409 ||
    error instanceof Stripe.errors.StripeIdempotencyError;
  if (indeterminate) return { outcome: 'unknown', message };
  return {
    outcome: 'not_done',
    final: statusCode === 400 || statusCode === 402 || statusCode === 404,
    code: error.code ?? String(statusCode),
    message,
  };
}

/** For reads: null if Stripe has no such object; all other errors are thrown. */
export async function orNull<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && error.code === 'resource_missing') return null;
    throw error;
  }
}
