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
 * Books a refund that was made at Stripe without us, such as in its Dashboard: the row and the posting out of the held money, which the
 * platform tops up by `lostCents` first. It is settled as Stripe's status says. Call behind a lock on the transaction.
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
 * Takes back the refunds of a purchase that were decided and of which Stripe knows nothing, since another refund has taken their place.
 * Answers how many cents are held again. Call behind a lock on the transaction.
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

/** The payment of a refund that is still to be made; null once it was made, bounced or withdrawn. */
export async function paymentToRefund(ctx: Ctx, id: RefundId): Promise<Payment | null> {
  const [row] = await ctx.db
    .select({ payment: payments })
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .where(and(eq(refunds.id, id), eq(refunds.state, 'requested')));
  return row?.payment ?? null;
}

/**
 * Makes a decided refund at Stripe. The caller has looked up what Stripe has of its payment: an answer may have been lost so long ago that
 * Stripe no longer knows our key. Throws when Stripe gave no answer: the job comes again with the same key. What Stripe refuses for good is
 * written down with its words, raises an alarm, and is asked again ever more rarely: a person has to look.
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

/** Writes down what Stripe says of a refund in our book; false when the book has none of it, or one that was withdrawn. */
export async function recordKnownRefund(ctx: Ctx, answered: StripeRefund): Promise<boolean> {
  const refund = (await findRefundMade(ctx, answered.id)) ?? (await findUnmade(ctx, answered.refundId));
  if (!refund) return false;
  if (refund.state !== answered.status) await recordRefund(ctx, refund, answered);
  return true;
}

/** The refund that Stripe knows by this id. */
export async function findRefundMade(ctx: Ctx, stripeRefundId: string): Promise<Refund | null> {
  const [row] = await ctx.db.select().from(refunds).where(eq(refunds.stripeRefundId, stripeRefundId));
  return row ?? null;
}

/** A refund of ours of which we do not know yet that Stripe made it. */
async function findUnmade(ctx: Ctx, refundId: string | null): Promise<Refund | null> {
  const refund = isId('refund', refundId) ? await findRefund(ctx, refundId) : null;
  return refund?.state === 'requested' && refund.stripeRefundId === null ? refund : null;
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
