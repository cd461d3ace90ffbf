import { eq, sql } from 'drizzle-orm';
import { stripeCalls } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { crashPoint } from '~/platform/crash-point';
import type { StripeOutcome } from './stripe-port';

export interface CallIntent {
  /** The row's own id. A key has one set of parameters forever. */
  idempotencyKey: string;
  operation: 'checkout_session.create' | 'refund.create';
  params: Record<string, unknown>;
}

/** Stores an intended change at Stripe, in the atomic block that decides it. */
export async function intendCall(tx: Ctx, intent: CallIntent): Promise<void> {
  const { idempotencyKey, operation, params } = intent;
  const now = tx.now.toISOString();
  await tx.db.sql`
    insert into stripe_calls (idempotency_key, operation, params, outcome, created_at, updated_at)
    values (${idempotencyKey}, ${operation}, ${JSON.stringify(params)}::text::jsonb, 'pending', ${now}::timestamptz, ${now}::timestamptz) on conflict do nothing`;
}

/** Records the outcome of a call. */
type Note<T> = (result: StripeOutcome<T>) => Promise<unknown>;

/** Makes an intended call and records its outcome. The caller applies the effect to our rows in its next atomic block, or in `note`. */
export async function makeCall<T extends { id: string }>(
  ctx: Ctx,
  idempotencyKey: string,
  call: () => Promise<StripeOutcome<T>>,
  note: Note<T> = (result) => noteOutcome(ctx, idempotencyKey, result),
): Promise<StripeOutcome<T>> {
  const result = await call();
  crashPoint('stripe:before-outcome');
  await note(result);
  return result;
}

export async function noteOutcome(ctx: Ctx, idempotencyKey: string, result: StripeOutcome<{ id: string }>): Promise<void> {
  await ctx.db
    .update(stripeCalls)
    .set({
      outcome: result.outcome,
      attempts: sql`${stripeCalls.attempts} + 1`,
      stripeId: result.outcome === 'done' ? result.value.id : null,
      failure: result.outcome === 'done' ? null : result.message.slice(0, 500),
      updatedAt: ctx.now,
    })
    .where(eq(stripeCalls.idempotencyKey, idempotencyKey));
}
