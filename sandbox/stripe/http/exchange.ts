import type { FormTree } from './form';

/** One API request and what was answered, for tests that check both against Stripe's own types. */
export interface Exchange {
  method: string;
  path: string;
  /** For example `checkout.sessions.create`; undefined for what the sandbox does not know. */
  operation: string | undefined;
  parameters: FormTree;
  idempotencyKey: string | null;
  apiVersion: string | null;
  requestId: string;
  status: number;
  replayed: boolean;
  body: unknown;
}
