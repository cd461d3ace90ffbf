import type { DeliveryAttempt, SandboxEvent, StoredEndpoint } from '../core/records';
import { signPayload } from './sign-payload';

const PATIENCE_MS = 10_000;

/** One POST of one event to one endpoint. Anything but a 2xx within ten seconds counts as not delivered; redirects too. */
export async function sendEvent(event: SandboxEvent, endpoint: StoredEndpoint, signal: AbortSignal): Promise<DeliveryAttempt> {
  const at = new Date();
  const payload = JSON.stringify(event, null, 2);
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signPayload(payload, endpoint.secret, at),
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
      body: payload,
    });
    await response.arrayBuffer();
    return { at: at.toISOString(), status: response.status, error: response.ok ? null : `answered ${response.status}` };
  } catch (error) {
    return { at: at.toISOString(), status: null, error: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message || cause.name;
  return String(cause);
}
