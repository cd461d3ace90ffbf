import type { IncomingHttpHeaders } from 'node:http';
import { StripeProblem } from './problem';

export const isLiveKey = (key: string): boolean => /^[a-z]k_live_/.test(key);

const masked = (key: string): string => (key.length <= 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-4)}`);

/** Lets in the sandbox's own secret key only, as a bearer token or as the user name of Basic authentication. */
export function authenticate(headers: IncomingHttpHeaders, secretKey: string): void {
  const key = sentKey(headers.authorization);
  if (key === undefined) {
    throw new StripeProblem(401, 'You did not provide an API key. Send it as a bearer token in the Authorization header.');
  }
  if (isLiveKey(key))
    throw new StripeProblem(401, 'Live keys are never accepted by the Stripe sandbox.', { code: 'testmode_charges_only' });
  if (key !== secretKey) throw new StripeProblem(401, `Invalid API Key provided: ${masked(key)}`);
}

function sentKey(authorization: string | undefined): string | undefined {
  const [scheme, value] = (authorization ?? '').split(' ');
  if (value === undefined || value === '') return undefined;
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString('utf8').split(':')[0];
  return undefined;
}
