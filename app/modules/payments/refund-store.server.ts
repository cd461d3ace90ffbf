import { and, asc, eq, inArray, isNull, lte, or } from 'drizzle-orm';
import { payments, refunds } from '~db/schema';
import { lossTaken, refundBounced, refundRequested, refundSettled, refundWithdrawn } from '~/modules/ledger/flows';
import { post } from '~/modules/ledger/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { addMs, HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { invariant } from '~/platform/errors';
import { enqueue } from '~/platform/jobs';
import { isId, newId, type Id, type TransactionId } from '~/platform/ids';
import { sendRefund } from './jobs';
import type { Payment } from './checkout-store.server';
import { intendCall, makeCall } from './call-store.server';
import type { RefundRequest, StripeRefund } from './stripe-port';

/** Stripe accepted it after all. The count of refusals stays. */
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
 * Decides a refund: its row, the posting out of the held money, the intended call and its job, in the caller's atomic block. Refunds go
 * to the card that paid, nowhere else.
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
 * Books a refund that was made at Stripe without us, such as in its Dashboard. The platform first adds `lostCents` to the held money.
 * The refund's state follows Stripe's. Call behind a lock on the transaction.
 */
export async function bookRefundMade(tx: Ctx, decision: RefundDecision & { lostCents: bigint }, made: StripeRefund): Promise<void> {
  const { lostCents, ...facts } = decision;
  const id = newId('refund', tx.now);
  const { transactionId, amountCents } = facts;
  const [refund] = await tx.db
    .insert(refunds)
    .values({ ...facts, id, state: 'requested', stripeRefundId: made.id, createdAt: tx.now })
    .returning();
  invariant(refund, 'a refund is written');
  if (lostCents > 0n) await post(tx, lossTaken({ refundId: id, transactionId, amountCents: lostCents }));
  await post(tx, refundRequested({ refundId: id, transactionId, amountCents }));
  await recordRefund(tx, refund, made);
}

/**
 * Withdraws decided refunds of a purchase that Stripe does not know, since another refund replaced them. Returns how many cents are
 * held again. Call behind a lock on the transaction.
 */
export async function withdrawRefunds(tx: Ctx, transactionId: TransactionId): Promise<bigint> {
  const withdrawn = await tx.db
    .update(refunds)
    .set({ state: 'withdrawn', settledAt: tx.now, ...noRefusal })
    .where(and(eq(refunds.transactionId, transactionId), eq(refunds.state, 'requested'), isNull(refunds.stripeRefundId)))
    .returning();
  for (const { id, amountCents } of withdrawn) await post(tx, refundWithdrawn({ refundId: id, transactionId, amountCents }));
  return withdrawn.reduce((sum, { amountCents }) => sum + amountCents, 0n);
}

/** The payment of a requested refund; null once it was made, bounced or withdrawn. */
export async function paymentToRefund(ctx: Ctx, id: RefundId): Promise<Payment | null> {
  const [row] = await ctx.db
    .select({ payment: payments })
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .where(and(eq(refunds.id, id), eq(refunds.state, 'requested')));
  return row?.payment ?? null;
}

/**
 * Makes a decided refund at Stripe. The caller has looked up the payment's refunds there first, since an earlier answer may have been
 * lost and its key forgotten.
 * Throws if Stripe gives no answer: the job retries with the same key. A final refusal is stored, raises an alarm, and is retried ever
 * more rarely.
 */
export async function sendRefundToStripe(ctx: Ctx, id: RefundId, { stripePaymentIntentId }: Payment): Promise<void> {
  const refund = await findRefund(ctx, id);
  if (!refund || refund.state !== 'requested' || refund.stripeRefundId !== null) return;
  const request: RefundRequest = { refundId: id, paymentIntentId: stripePaymentIntentId, amountCents: refund.amountCents };
  const key = await keyOfTry(ctx, refund);
  const result = await makeCall(ctx, key, () => ctx.ports.stripe.createRefund(request, key));
  if (result.outcome === 'done') return recordRefund(ctx, refund, result.value);
  if (result.outcome === 'not_done' && result.final) return recordRefusal(ctx, refund, result.message);
  throw new Error(`Stripe did not take the refund ${id} (${result.outcome}): ${result.message}`);
}

/** A key repeats its first answer, so a retry after a final refusal uses a new key. */
async function keyOfTry(ctx: Ctx, refund: Refund): Promise<string> {
  if (refund.refusals === 0) return refund.id;
  const idempotencyKey = `${refund.id}:${refund.refusals + 1}`;
  const params = { refundId: refund.id, paymentId: refund.paymentId, amountCents: refund.amountCents.toString() };
  await intendCall(ctx, { idempotencyKey, operation: 'refund.create', params });
  return idempotencyKey;
}

/** Concurrent refusals count once. Retries come after 10 minutes, then after twice as long each time, at most 6 hours. */
async function recordRefusal(ctx: Ctx, { id, refusals }: Refund, refusal: string): Promise<void> {
  const waitMs = Math.min(10 * MINUTE_MS * 2 ** refusals, 6 * HOUR_MS);
  await ctx.db
    .update(refunds)
    .set({ refusals: refusals + 1, refusal: refusal.slice(0, 500), nextTryAt: addMs(ctx.now, waitMs) })
    .where(and(eq(refunds.id, id), eq(refunds.refusals, refusals)));
  ctx.log.error({ refundId: id, refusals: refusals + 1, refusal }, 'Stripe finally refused a refund');
}

/** Records Stripe's state of a refund; false if the refund is not in our book, or was withdrawn. */
export async function recordKnownRefund(ctx: Ctx, answered: StripeRefund): Promise<boolean> {
  const refund = (await findRefundMade(ctx, answered.id)) ?? (await findUnmade(ctx, answered.refundId));
  if (!refund) return false;
  if (refund.state !== answered.status) await recordRefund(ctx, refund, answered);
  return true;
}

/** The refund with Stripe's id. */
export async function findRefundMade(ctx: Ctx, stripeRefundId: string): Promise<Refund | null> {
  const [row] = await ctx.db.select().from(refunds).where(eq(refunds.stripeRefundId, stripeRefundId));
  return row ?? null;
}

/** A refund of ours that Stripe has not confirmed yet. */
async function findUnmade(ctx: Ctx, refundId: string | null): Promise<Refund | null> {
  const refund = isId('refund', refundId) ? await findRefund(ctx, refundId) : null;
  return refund?.state === 'requested' && refund.stripeRefundId === null ? refund : null;
}

/** Requested refunds decided before a time. Refused ones are included once their retry is due. */
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

/** The card could not be refunded. The money stays on clearing, which raises an alarm until a person finds another way. */
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
