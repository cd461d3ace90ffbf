import { and, asc, eq, gt, gte, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { checkouts, payments } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import type { CheckoutId, OfferId, UserId } from '~/platform/ids';
import { kept } from '~/platform/kept-query';
import { checkoutTransitions, type CheckoutStep } from './checkout-machine';
import type { SessionRequest } from './stripe-port';

export type Checkout = typeof checkouts.$inferSelect;
export type Payment = typeof payments.$inferSelect;

export interface NewCheckout {
  id: CheckoutId;
  buyerId: UserId;
  totalCents: bigint;
  offerId: OfferId | null;
  /** A hash of the buyer's network (`networkKey`). */
  network: string | null;
  formToken: string;
  request: SessionRequest;
  expiresAt: Date;
}

const insertOne = kept<Omit<NewCheckout, 'request'> & Pick<Checkout, 'stripeParams' | 'createdAt'>>()((db, value) =>
  db
    .insert(checkouts)
    .values({
      id: value('id'),
      buyerId: value('buyerId'),
      state: 'starting',
      totalCents: value('totalCents'),
      offerId: value('offerId'),
      network: value('network'),
      formToken: value('formToken'),
      stripeParams: value('stripeParams'),
      expiresAt: value('expiresAt'),
      createdAt: value('createdAt'),
    })
    .onConflictDoNothing({ target: [checkouts.buyerId, checkouts.formToken] })
    .returning(),
);

/** Stores a new checkout with the parameters for Stripe. Null if this form was submitted before (double click). */
export async function createCheckout(tx: Ctx, { request, ...facts }: NewCheckout): Promise<Checkout | null> {
  const [row] = await insertOne(tx, { ...facts, stripeParams: request, createdAt: tx.now });
  return row ?? null;
}

const byId = kept<{ id: CheckoutId }>()((db, value) =>
  db
    .select()
    .from(checkouts)
    .where(eq(checkouts.id, value('id', checkouts.id))),
);

export async function findCheckout(ctx: Ctx, id: CheckoutId): Promise<Checkout> {
  return existing(await findCheckoutIfAny(ctx, id));
}

/** For ids from outside, such as Stripe's: null if we have no such checkout. */
export async function findCheckoutIfAny(ctx: Ctx, id: CheckoutId): Promise<Checkout | null> {
  const [row] = await byId(ctx, { id });
  return row ?? null;
}

const byIdAndBuyer = kept<{ id: CheckoutId; buyerId: UserId }>()((db, value) =>
  db
    .select()
    .from(checkouts)
    .where(and(eq(checkouts.id, value('id', checkouts.id)), eq(checkouts.buyerId, value('buyerId', checkouts.buyerId)))),
);

/** A checkout for its buyer; null for anyone else. */
export async function findOwnCheckout(ctx: Ctx, id: CheckoutId, buyerId: UserId): Promise<Checkout> {
  const [row] = await byIdAndBuyer(ctx, { id, buyerId });
  return existing(row);
}

function existing(row: Checkout | null | undefined): Checkout {
  if (!row) throw notFound('checkout');
  return row;
}

const byForm = kept<{ buyerId: UserId; formToken: string }>()((db, value) =>
  db
    .select()
    .from(checkouts)
    .where(
      and(eq(checkouts.buyerId, value('buyerId', checkouts.buyerId)), eq(checkouts.formToken, value('formToken', checkouts.formToken))),
    ),
);

export async function findCheckoutByForm(ctx: Ctx, buyerId: UserId, formToken: string): Promise<Checkout | null> {
  const [row] = await byForm(ctx, { buyerId, formToken });
  return row ?? null;
}

const bySession = kept<{ sessionId: string }>()((db, value) =>
  db
    .select()
    .from(checkouts)
    .where(eq(checkouts.stripeSessionId, value('sessionId', checkouts.stripeSessionId))),
);

export async function findCheckoutBySession(ctx: Ctx, stripeSessionId: string): Promise<Checkout | null> {
  const [row] = await bySession(ctx, { sessionId: stripeSessionId });
  return row ?? null;
}

/** The columns that each step writes beside the state. */
const changed = {
  open: ['stripeSessionId', 'stripeUrl'],
  pay: ['stripeSessionId', 'paidAt'],
  payLate: ['stripeSessionId', 'paidAt'],
  expire: ['endedAt'],
  cancel: ['endedAt'],
} as const satisfies Record<CheckoutStep, readonly (keyof Checkout)[]>;
type Changes<Step extends CheckoutStep> = Pick<Checkout, (typeof changed)[Step][number]>;

function moving(step: CheckoutStep) {
  const { from, to } = checkoutTransitions[step];
  return kept<Partial<Checkout>>()((db, value) =>
    db
      .update(checkouts)
      .set({ ...Object.fromEntries(changed[step].map((name) => [name, sql`${value(name, checkouts[name])}`])), state: to })
      .where(and(eq(checkouts.id, value('id', checkouts.id)), inArray(checkouts.state, [...from])))
      .returning(),
  );
}

const steps = {
  open: moving('open'),
  pay: moving('pay'),
  payLate: moving('payLate'),
  expire: moving('expire'),
  cancel: moving('cancel'),
};

/** One step by compare-and-set, with its other columns; null if another caller was faster. */
export async function moveCheckout<Step extends CheckoutStep>(
  tx: Ctx,
  id: CheckoutId,
  step: Step,
  changes: Changes<Step>,
): Promise<Checkout | null> {
  const values: Partial<Checkout> = changes;
  const [row] = await steps[step](tx, { ...values, id });
  return row ?? null;
}

/** Checkouts to check at Stripe: without an answer for a minute, or open past their time. Oldest first, by id. */
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

/** Which of these checkouts exist. */
export async function existingCheckouts(ctx: Ctx, ids: CheckoutId[]): Promise<Set<CheckoutId>> {
  if (ids.length === 0) return new Set();
  const rows = await ctx.db.select({ id: checkouts.id }).from(checkouts).where(inArray(checkouts.id, ids));
  return new Set(rows.map((row) => row.id));
}

export async function findPayment(ctx: Ctx, checkoutId: CheckoutId): Promise<Payment | null> {
  const [row] = await ctx.db.select().from(payments).where(eq(payments.checkoutId, checkoutId));
  return row ?? null;
}

/** The payment with this payment intent. */
export async function findPaymentByIntent(ctx: Ctx, paymentIntentId: string): Promise<Payment | null> {
  const [row] = await ctx.db.select().from(payments).where(eq(payments.stripePaymentIntentId, paymentIntentId));
  return row ?? null;
}

const insertPayment = kept<Payment>()((db, value) =>
  db
    .insert(payments)
    .values({
      id: value('id'),
      checkoutId: value('checkoutId'),
      buyerId: value('buyerId'),
      stripePaymentIntentId: value('stripePaymentIntentId'),
      stripeChargeId: value('stripeChargeId'),
      amountCents: value('amountCents'),
      stripeFeeCents: value('stripeFeeCents'),
      cardLastFour: value('cardLastFour'),
      paidAt: value('paidAt'),
    })
    .onConflictDoNothing()
    .returning(),
);

/** Records a payment once; null if it is recorded already. */
export async function recordPayment(tx: Ctx, facts: Omit<Payment, 'paidAt'>): Promise<Payment | null> {
  const [row] = await insertPayment(tx, { ...facts, paidAt: tx.now });
  return row ?? null;
}

/** Payments since a time whose Stripe fee is not known yet, oldest first. */
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

/** Records the charge, fee and card that Stripe reports later. Written once. */
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
