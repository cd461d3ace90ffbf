import { and, asc, eq, inArray, isNull, lte, or } from 'drizzle-orm';
import { payments, refunds } from '~db/schema';
import { refundBounced, refundRequested, refundSettled } from '~/modules/ledger/flows';
import { post } from '~/modules/ledger/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { addMs, HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { invariant } from '~/platform/errors';
import { enqueue } from '~/platform/jobs';
import { isId, newId, type Id, type TransactionId } from '~/platform/ids';
import { sendRefund } from './jobs';
import { intendCall, makeCall } from './stripe-calls.server';
import type { RefundRequest, StripeRefund } from './stripe-port';

/** Stripe has taken it after all. How often it had refused stays. */
const noRefusal = { refusal: null, nextTryAt: null };

export type Refund = typeof refunds.$inferSelect;
export type RefundId = Id<'refund'>;

export interface RefundDecision {
  transactionId: TransactionId;
  paymentId: Id<'payment'>;
  buyerId: Refund['buyerId'];
  amountCents: bigint;
  reason: string;
}

/**
 * Decides a refund: the row, its posting out of the held money, the call we intend and the job that makes it, all in the caller's
 * atomic block. The money goes to the card that paid, nowhere else.
 */
export async function requestRefund(tx: Ctx, decision: RefundDecision): Promise<RefundId> {
  invariant(tx.inAtomic, 'a refund is decided in an atomic block');
  const id = newId('refund', tx.now);
  await tx.db.insert(refunds).values({ ...decision, id, state: 'requested', createdAt: tx.now });
  await post(tx, refundRequested({ refundId: id, transactionId: decision.transactionId, amountCents: decision.amountCents }));
  const request = { refundId: id, paymentId: decision.paymentId, amountCents: decision.amountCents.toString() };
  await intendCall(tx, { idempotencyKey: id, operation: 'refund.create', params: request });
  await enqueue(tx, sendRefund, { refundId: id }, { key: `refund:${id}` });
  return id;
}

/**
 * Makes a decided refund at Stripe, or learns that it was made. Throws when Stripe gave no answer: the job comes again with the same key.
 * What Stripe refuses for good is written down with its words, raises an alarm, and is asked again ever more rarely: a person has to look.
 */
export async function sendRefundToStripe(ctx: Ctx, id: RefundId): Promise<void> {
  const refund = await findRefund(ctx, id);
  if (!refund || refund.state !== 'requested') return;
  const [payment] = await ctx.db.select().from(payments).where(eq(payments.id, refund.paymentId));
  invariant(payment, 'a refund has its payment');
  const request: RefundRequest = { refundId: id, paymentIntentId: payment.stripePaymentIntentId, amountCents: refund.amountCents };
  // An answer may have been lost so long ago that Stripe no longer knows our key, and a key repeats its first answer for ever: look first.
  const { stripe } = ctx.ports;
  const known =
    refund.stripeRefundId === null
      ? await stripe.findRefund(id, request.paymentIntentId)
      : await stripe.retrieveRefund(refund.stripeRefundId);
  if (known) return recordRefund(ctx, refund, known);
  const key = await keyOfTry(ctx, refund);
  const result = await makeCall(ctx, key, () => ctx.ports.stripe.createRefund(request, key));
  if (result.outcome === 'done') return recordRefund(ctx, refund, result.value);
  if (result.outcome === 'not_done' && result.final) return recordRefusal(ctx, refund, result.message);
  throw new Error(`Stripe did not take the refund ${id} (${result.outcome}): ${result.message}`);
}

/** A key repeats its first answer, so what was refused for good is asked again under the next one. */
async function keyOfTry(ctx: Ctx, refund: Refund): Promise<string> {
  if (refund.refusals === 0) return refund.id;
  const idempotencyKey = `${refund.id}:${refund.refusals + 1}`;
  const params = { refundId: refund.id, paymentId: refund.paymentId, amountCents: refund.amountCents.toString() };
  await intendCall(ctx, { idempotencyKey, operation: 'refund.create', params });
  return idempotencyKey;
}

/** Of two that were refused at once, one counts. Asked again after 10 minutes, then twice as long each time, at most 6 hours. */
async function recordRefusal(ctx: Ctx, { id, refusals }: Refund, refusal: string): Promise<void> {
  const waitMs = Math.min(10 * MINUTE_MS * 2 ** refusals, 6 * HOUR_MS);
  await ctx.db
    .update(refunds)
    .set({ refusals: refusals + 1, refusal: refusal.slice(0, 500), nextTryAt: addMs(ctx.now, waitMs) })
    .where(and(eq(refunds.id, id), eq(refunds.refusals, refusals)));
  ctx.log.error({ refundId: id, refusals: refusals + 1, refusal }, 'Stripe refuses a refund for good');
}

/** Stripe tells that a refund of ours has changed: it is fetched and written down. Refunds that are not ours are left alone. */
export async function syncRefund(ctx: Ctx, stripeRefundId: string): Promise<void> {
  const answered = await ctx.ports.stripe.retrieveRefund(stripeRefundId);
  if (!answered || !isId('refund', answered.refundId)) return;
  const refund = await findRefund(ctx, answered.refundId);
  if (refund) await recordRefund(ctx, refund, answered);
}

/** Refunds that are still to be made, decided before a time; of those that Stripe refused only the ones whose turn has come. */
export async function refundsWaiting(ctx: Ctx, before: Date, limit: number): Promise<Refund[]> {
  return ctx.db
    .select()
    .from(refunds)
    .where(
      and(eq(refunds.state, 'requested'), lte(refunds.createdAt, before), or(isNull(refunds.nextTryAt), lte(refunds.nextTryAt, ctx.now))),
    )
    .orderBy(asc(refunds.createdAt))
    .limit(limit);
}

async function findRefund(ctx: Ctx, id: RefundId): Promise<Refund | null> {
  const [row] = await ctx.db.select().from(refunds).where(eq(refunds.id, id));
  return row ?? null;
}

async function recordRefund(ctx: Ctx, refund: Refund, answered: StripeRefund): Promise<void> {
  await atomic(ctx, async (tx) => {
    if (answered.status === 'pending') {
      await tx.db
        .update(refunds)
        .set({ stripeRefundId: answered.id, ...noRefusal })
        .where(eq(refunds.id, refund.id));
      return;
    }
    if (answered.status === 'succeeded') return settle(tx, refund, answered);
    await bounce(tx, refund, answered);
  });
}

async function settle(tx: Ctx, refund: Refund, answered: StripeRefund): Promise<void> {
  const [moved] = await tx.db
    .update(refunds)
    .set({ state: 'succeeded', stripeRefundId: answered.id, settledAt: tx.now, ...noRefusal })
    .where(and(eq(refunds.id, refund.id), eq(refunds.state, 'requested')))
    .returning();
  if (moved) await post(tx, refundSettled({ refundId: refund.id, amountCents: refund.amountCents }));
}

/** The card could not take it: what is owed stays in clearing, which raises an alarm until a person has found another way. */
async function bounce(tx: Ctx, refund: Refund, answered: StripeRefund): Promise<void> {
  const [before] = await tx.db.select().from(refunds).where(eq(refunds.id, refund.id)).for('update');
  if (!before || !['requested', 'succeeded'].includes(before.state)) return;
  await tx.db
    .update(refunds)
    .set({ state: 'failed', stripeRefundId: answered.id, settledAt: tx.now, ...noRefusal })
    .where(and(eq(refunds.id, refund.id), inArray(refunds.state, ['requested', 'succeeded'])));
  if (before.state === 'succeeded') await post(tx, refundBounced({ refundId: refund.id, amountCents: refund.amountCents }));
  tx.log.error({ refundId: refund.id, failure: answered.failure }, 'a refund did not reach the card');
}
