import { createHmac } from 'node:crypto';

/** The value of `Stripe-Signature`: real time and an HMAC over time and body. https://docs.stripe.com/webhooks#verify-manually */
export function signPayload(payload: string, secret: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex');
  return `t=${seconds},v1=${signature}`;
}
