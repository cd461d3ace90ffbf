import { and, asc, eq, gt, gte, inArray, isNull, lte, or } from 'drizzle-orm';
import { checkouts, payments } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import type { CheckoutId, OfferId, UserId } from '~/platform/ids';
import { checkoutTransitions, type CheckoutStep } from './checkout-machine';
import type { SessionRequest } from './stripe-port';

export type Checkout = typeof checkouts.$inferSelect;
export type Payment = typeof payments.$inferSelect;

export interface NewCheckout {
  id: CheckoutId;
  buyerId: UserId;
  totalCents: bigint;
  offerId: OfferId | null;
  formToken: string;
  request: SessionRequest;
  expiresAt: Date;
}

/** Writes the intent to open a checkout, with all that will be said to Stripe. Null when this form was already used (double click). */
export async function createCheckout(tx: Ctx, { request, ...facts }: NewCheckout): Promise<Checkout | null> {
  const [row] = await tx.db
    .insert(checkouts)
    .values({ ...facts, state: 'starting', stripeParams: request, createdAt: tx.now })
    .onConflictDoNothing({ target: [checkouts.buyerId, checkouts.formToken] })
    .returning();
  return row ?? null;
}

export async function findCheckout(ctx: Ctx, id: CheckoutId): Promise<Checkout> {
  const [row] = await ctx.db.select().from(checkouts).where(eq(checkouts.id, id));
  if (!row) throw notFound('checkout');
  return row;
}

/** A checkout as its buyer may see it: to anyone else there is none. */
export async function findOwnCheckout(ctx: Ctx, id: CheckoutId, buyerId: UserId): Promise<Checkout> {
  const [row] = await ctx.db
    .select()
    .from(checkouts)
    .where(and(eq(checkouts.id, id), eq(checkouts.buyerId, buyerId)));
  if (!row) throw notFound('checkout');
  return row;
}

export async function findCheckoutByForm(ctx: Ctx, buyerId: UserId, formToken: string): Promise<Checkout | null> {
  const [row] = await ctx.db
    .select()
    .from(checkouts)
    .where(and(eq(checkouts.buyerId, buyerId), eq(checkouts.formToken, formToken)));
  return row ?? null;
}

export async function findCheckoutBySession(ctx: Ctx, stripeSessionId: string): Promise<Checkout | null> {
  const [row] = await ctx.db.select().from(checkouts).where(eq(checkouts.stripeSessionId, stripeSessionId));
  return row ?? null;
}

/** One step by compare-and-set; null when another was faster. */
export async function moveCheckout(
  tx: Ctx,
  id: CheckoutId,
  step: CheckoutStep,
  changes: Partial<Pick<Checkout, 'stripeSessionId' | 'stripeUrl' | 'paidAt' | 'endedAt'>> = {},
): Promise<Checkout | null> {
  const rule = checkoutTransitions[step];
  const [row] = await tx.db
    .update(checkouts)
    .set({ ...changes, state: rule.to })
    .where(and(eq(checkouts.id, id), inArray(checkouts.state, [...rule.from])))
    .returning();
  return row ?? null;
}

/** Checkouts that somebody should look at: never answered for a minute, or open beyond their time. Oldest first, by key. */
export async function checkoutsToLookAt(
  ctx: Ctx,
  times: { startedBefore: Date; expiredBefore: Date },
  after: CheckoutId | null,
  limit: number,
): Promise<Checkout[]> {
  return ctx.db
    .select()
    .from(checkouts)
    .where(
      and(
        or(
          and(eq(checkouts.state, 'starting'), lte(checkouts.createdAt, times.startedBefore)),
          and(eq(checkouts.state, 'open'), lte(checkouts.expiresAt, times.expiredBefore)),
        ),
        after ? gt(checkouts.id, after) : undefined,
      ),
    )
    .orderBy(asc(checkouts.id))
    .limit(limit);
}

/** Which of these ids have a checkout. */
export async function existingCheckouts(ctx: Ctx, ids: CheckoutId[]): Promise<Set<CheckoutId>> {
  if (ids.length === 0) return new Set();
  const rows = await ctx.db.select({ id: checkouts.id }).from(checkouts).where(inArray(checkouts.id, ids));
  return new Set(rows.map((row) => row.id));
}

export async function findPayment(ctx: Ctx, checkoutId: CheckoutId): Promise<Payment | null> {
  const [row] = await ctx.db.select().from(payments).where(eq(payments.checkoutId, checkoutId));
  return row ?? null;
}

/** Records a payment once; null when it is known already. */
export async function recordPayment(tx: Ctx, facts: Omit<typeof payments.$inferInsert, 'paidAt'>): Promise<Payment | null> {
  const [row] = await tx.db
    .insert(payments)
    .values({ ...facts, paidAt: tx.now })
    .onConflictDoNothing()
    .returning();
  return row ?? null;
}

/** Payments since a time of which Stripe had not said its fee when they were taken, oldest first. */
export async function paymentsWithoutFee(ctx: Ctx, since: Date, limit: number): Promise<{ checkoutId: CheckoutId; sessionId: string }[]> {
  const rows = await ctx.db
    .select({ checkoutId: payments.checkoutId, sessionId: checkouts.stripeSessionId })
    .from(payments)
    .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId))
    .where(and(isNull(payments.stripeFeeCents), gte(payments.paidAt, since)))
    .orderBy(asc(payments.paidAt))
    .limit(limit);
  return rows.flatMap(({ checkoutId, sessionId }) => (sessionId === null ? [] : [{ checkoutId, sessionId }]));
}

/** What Stripe says later of a payment: its charge, its fee, the card. Written once. */
export async function recordFee(
  tx: Ctx,
  checkoutId: CheckoutId,
  facts: Pick<Payment, 'stripeChargeId' | 'stripeFeeCents' | 'cardLastFour'>,
): Promise<void> {
  await tx.db
    .update(payments)
    .set(facts)
    .where(and(eq(payments.checkoutId, checkoutId), isNull(payments.stripeFeeCents)));
}
