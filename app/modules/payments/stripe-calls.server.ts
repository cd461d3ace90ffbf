import { eq, sql } from 'drizzle-orm';
import { stripeCalls } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { crashPoint } from '~/platform/crash-point';
import type { StripeOutcome } from './stripe-port';

export interface CallIntent {
  /** The row's own id: one key has one set of parameters for ever. */
  idempotencyKey: string;
  operation: 'checkout_session.create' | 'refund.create';
  params: Record<string, unknown>;
}

/** Writes down that we are going to change something at Stripe, in the atomic block that decides it. */
export async function intendCall(tx: Ctx, intent: CallIntent): Promise<void> {
  await tx.db
    .insert(stripeCalls)
    .values({ ...intent, outcome: 'pending', createdAt: tx.now, updatedAt: tx.now })
    .onConflictDoNothing();
}

/** Makes an intended call and writes down what became of it. The call's effect on our own rows is the caller's next atomic block. */
export async function makeCall<T extends { id: string }>(
  ctx: Ctx,
  idempotencyKey: string,
  call: () => Promise<StripeOutcome<T>>,
): Promise<StripeOutcome<T>> {
  const result = await call();
  crashPoint('stripe:before-outcome');
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
  return result;
}
