import type { Reply } from '../http/reply';
import type { InvalidField } from '../models/check-input';

/** Replicate's error bodies, verbatim where they are known. */
function problem(status: number, title: string, detail: string, extra: object = {}): Reply {
  return { status, body: { title, detail, status, ...extra } };
}

export const noToken = (): Reply => problem(401, 'Unauthenticated', 'You did not pass an authentication token');
export const badToken = (): Reply => problem(401, 'Unauthenticated', 'You did not pass a valid authentication token');

export const noCredit = (): Reply =>
  problem(
    402,
    'Insufficient credit',
    'You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase credit. ' +
      'Once you purchase credit, please wait a few minutes before trying again.',
  );

export const notFound = (): Reply => ({ status: 404, body: { detail: 'The requested resource could not be found.', status: 404 } });

export const unknownVersion = (): Reply =>
  problem(
    422,
    'Invalid version or not permitted',
    "The specified version does not exist (or perhaps you don't have permission to use it?)",
  );

export const unprocessable = (detail: string): Reply => problem(422, 'Unprocessable Entity', detail);

export function invalidInput(fields: InvalidField[]): Reply {
  const detail = fields.map(({ field, description }) => `- ${field}: ${description}\n`).join('');
  return problem(422, 'Input validation failed', detail, { invalid_fields: fields });
}

export function throttled(seconds: number): Reply {
  return tooMany(`Request was throttled. Your rate limit resets in ~${seconds}s.`, seconds);
}

/** The seconds are in the body only. */
export function throttledInBody(seconds: number): Reply {
  return { status: 429, body: { detail: 'Request was throttled.', retry_after: seconds } };
}

/** This text is the API's only hint at an account's balance. */
export function throttledForLowCredit(seconds: number): Reply {
  return tooMany(
    'Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute with a burst of 1 ' +
      `requests while you have less than $5.0 in credit. Your rate limit resets in ~${seconds}s.`,
    seconds,
    { retry_after: seconds },
  );
}

function tooMany(detail: string, seconds: number, extra: object = {}): Reply {
  return { status: 429, body: { detail, ...extra }, headers: { 'retry-after': String(seconds) } };
}

export const serverError = (): Reply => problem(500, 'Internal Server Error', 'Something went wrong on our side.');
export const outage = (): Reply => problem(503, 'Service Unavailable', 'The service is unavailable. Try again later.');
