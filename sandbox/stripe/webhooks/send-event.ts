import { Agent as PlainAgent, request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { DeliveryAttempt, SandboxEvent, StoredEndpoint } from '../core/records';
import { signPayload } from './sign-payload';

const PATIENCE_MS = 10_000;
/** Keeps connections open, since a payment can cause four deliveries. */
const agents = { plain: new PlainAgent({ keepAlive: true }), tls: new TlsAgent({ keepAlive: true }) };

/** Posts one event to one endpoint. Anything but a 2xx within ten seconds counts as not delivered, redirects too. */
export async function sendEvent(event: SandboxEvent, endpoint: StoredEndpoint, signal: AbortSignal): Promise<DeliveryAttempt> {
  const at = new Date();
  const payload = JSON.stringify(event, null, 2);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(payload),
    'stripe-signature': signPayload(payload, endpoint.secret, at),
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  };
  try {
    const status = await post(new URL(endpoint.url), { method: 'POST', headers, signal }, payload);
    return { at: at.toISOString(), status, error: status >= 200 && status < 300 ? null : `answered ${status}` };
  } catch (error) {
    return { at: at.toISOString(), status: null, error: describeFailure(error) };
  }
}

/** Uses node's own client, since `fetch` takes several times as long for a small request. Returns the status after the whole answer. */
function post(url: URL, options: RequestOptions, payload: string): Promise<number> {
  return new Promise((done, fail) => {
    const answered = (response: IncomingMessage) => {
      response.on('error', fail).on('end', () => done(response.statusCode ?? 0));
      response.resume();
    };
    const secure = url.protocol === 'https:';
    const request = secure
      ? tlsRequest(url, { ...options, agent: agents.tls }, answered)
      : plainRequest(url, { ...options, agent: agents.plain }, answered);
    const patience = setTimeout(() => request.destroy(new Error('no answer within ten seconds')), PATIENCE_MS);
    request.on('error', fail).on('close', () => clearTimeout(patience));
    request.end(payload);
  });
}

function describeFailure(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message || cause.name;
  return String(cause);
}
