import { paths } from '~/paths';
import { DATABASE_LOST, LOST_RETRY_SECONDS } from '~/platform/lost-connection';

/** A refusal in Replicate's format, so that its clients show our text. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly headers: Record<string, string> = {},
    /** Replicate's own body, passed on unchanged. */
    readonly body: Record<string, unknown> | null = null,
  ) {
    super(detail);
  }

  toBody(): Record<string, unknown> {
    return this.body ?? { title: this.title, detail: this.detail, status: this.status };
  }
}

export const unauthenticated = () =>
  new Problem(401, 'Unauthenticated', 'You did not pass a valid access key. Keys of Credit Mart begin with cmk_ and stand in your wallet.');

export const notFound = () => new Problem(404, 'Not found', 'The requested resource could not be found.');

export const unprocessable = (detail: string, title = 'Unprocessable Entity') => new Problem(422, title, detail);

export const insufficientCredit = (detail: string) => new Problem(402, 'Insufficient credit', detail);

export const nothingBought = (publicUrl: string) =>
  insufficientCredit(`This wallet has never bought credit. Buy credit: ${publicUrl}${paths.listings()}`);

export const throttled = (seconds: number) =>
  new Problem(429, 'Too many requests', `Request was throttled. Your rate limit resets in ~${seconds}s.`, {
    'retry-after': String(seconds),
  });

export const unavailable = (detail: string) => new Problem(503, 'Service unavailable', detail, { 'retry-after': '5' });

/** The client has closed its connection, so this is only logged. */
export const clientGone = () => new Problem(499, 'Client closed request', 'The connection ended before the run was sent.');

export const tooMany = (what: string) =>
  new Problem(503, 'Service unavailable', `${what} Nothing was sent and nothing is charged; send it again in a few seconds.`, {
    'retry-after': '5',
  });

export const stopping = () =>
  new Problem(503, 'Service unavailable', 'This server is being replaced. Nothing was sent and nothing is charged; send it again.', {
    'retry-after': '1',
  });

export const lotsPaused = () =>
  unavailable('The lots of this wallet that have credit left are paused. Nothing is charged; your wallet shows what happens next.');

/** For calls that ran nothing. A create that was sent to the provider is answered 502 instead. */
export const databaseLost = () => new Problem(503, 'Service unavailable', DATABASE_LOST, { 'retry-after': String(LOST_RETRY_SECONDS) });

/** What a client may do after a 502. The page /docs/gateway says the same. */
const SENDING_AGAIN =
  'Its bound stays set aside until we know. Sent again with the same Idempotency-Key it runs once; without one it may run twice, so look at the wallet first.';

/** The provider accepted a run, and our database did not record it. Its webhook or the provider's list finds it later. */
export const answerNotStored = () =>
  new Problem(502, 'Bad gateway', `Our database stopped answering after the run was sent to the provider. ${SENDING_AGAIN}`);

export const answerLost = () => new Problem(502, 'Bad gateway', `The provider did not answer whether it took this run. ${SENDING_AGAIN}`);

/** Passes Replicate's refusal on. */
export function providerRefusal(status: number, body: Record<string, unknown>, retryAfter: string | null): Problem {
  const detail = typeof body.detail === 'string' ? body.detail : 'The provider refused this run.';
  return new Problem(status, 'Refused', detail, retryAfter === null ? {} : { 'retry-after': retryAfter }, { ...body, status });
}
