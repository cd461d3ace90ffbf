import { DrizzleQueryError } from 'drizzle-orm/errors';

/** The text of a 503. It makes no claim about a statement whose answer was lost, which may have been executed. */
export const DATABASE_LOST = 'Our database does not answer. What was done before is kept. Try again in a minute.';
export const LOST_RETRY_SECONDS = 30;

/** Of the client (postgres.js), and of the socket below it. */
const CLIENT_CODES = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Of PostgreSQL: it is shut down, crashed, or not up yet (57P01 to 57P03); class 08 is a broken connection. */
const SERVER_CODES = /^(?:57P0[123]|08[0-9A-Z]{3})$/;

/**
 * Whether a statement failed because the database cannot be reached. It may still have been executed. Only drizzle's errors are
 * unwrapped, since an unreachable provider has the same codes.
 */
export function isLostConnection(error: unknown): boolean {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return false;
  return CLIENT_CODES.has(cause.code) || SERVER_CODES.test(cause.code);
}
