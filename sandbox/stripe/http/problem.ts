export interface ErrorEnvelope {
  error: { type: string; message: string; code?: string; param?: string; doc_url?: string; decline_code?: string; charge?: string };
}

/** A refusal in Stripe's words: status, type, code and the parameter it is about. */
export class StripeProblem extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string | undefined;
  readonly param: string | undefined;
  /** Stripe keeps a refusal under the idempotency key only when the endpoint had begun its work. */
  readonly kept: boolean;

  constructor(status: number, message: string, detail: { type?: string; code?: string; param?: string; kept?: boolean } = {}) {
    super(message);
    this.status = status;
    this.type = detail.type ?? 'invalid_request_error';
    this.code = detail.code;
    this.param = detail.param;
    this.kept = detail.kept ?? false;
  }

  envelope(): ErrorEnvelope {
    return {
      error: {
        ...(this.code !== undefined && {
          code: this.code,
          doc_url: `https://docs.stripe.com/error-codes/${this.code.replaceAll('_', '-')}`,
        }),
        message: this.message,
        ...(this.param !== undefined && { param: this.param }),
        type: this.type,
      },
    };
  }
}

/** The request itself is malformed; nothing was begun. */
export const invalid = (message: string, param?: string, code?: string): StripeProblem =>
  new StripeProblem(400, message, { ...(param !== undefined && { param }), ...(code !== undefined && { code }) });

/** The request is well-formed, but the object is not in a state for it. */
export const refused = (message: string, detail: { code?: string; param?: string } = {}): StripeProblem =>
  new StripeProblem(400, message, { ...detail, kept: true });

export const missing = (noun: string, id: string, param = 'id'): StripeProblem =>
  new StripeProblem(404, `No such ${noun}: '${id}'`, { code: 'resource_missing', param, kept: true });

export const notImplemented = (what: string): StripeProblem =>
  new StripeProblem(501, `The Stripe sandbox does not implement ${what}.`, { type: 'api_error', code: 'sandbox_not_implemented' });
