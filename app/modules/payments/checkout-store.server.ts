import { and, asc, eq, gt, gte, inArray, isNull, lte, or } from 'drizzle-orm';
import { rowsOf } from '~db/rows';
import { checkouts, payments } from '~db/schema';
import type { Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import { idToUuid, type CheckoutId, type OfferId, type UserId } from '~/platform/ids';
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

const [checkoutRows, paymentRows] = [rowsOf(checkouts), rowsOf(payments)];

/** Stores a new checkout with the parameters for Stripe. Null if this form was submitted before (double click). */
export async function createCheckout(tx: Ctx, { request, ...facts }: NewCheckout): Promise<Checkout | null> {
  const { sql } = tx.db;
  const columns = checkoutRows.toColumns({ ...facts, state: 'starting', stripeParams: request, createdAt: tx.now });
  const [row] = await sql`
    insert into checkouts ${sql(columns)}
    on conflict (buyer_id, form_token) do nothing returning ${sql(checkoutRows.names)}`;
  return toCheckout(row);
}

function toCheckout(row: object | undefined): Checkout | null {
  return row ? checkoutRows.toModel(row) : null;
}

export async function findCheckout(ctx: Ctx, id: CheckoutId): Promise<Checkout> {
  return existing(await findCheckoutIfAny(ctx, id));
}

/** For ids from outside, such as Stripe's: null if we have no such checkout. */
export async function findCheckoutIfAny(ctx: Ctx, id: CheckoutId): Promise<Checkout | null> {
  const { sql } = ctx.db;
  const [row] = await sql`select ${sql(checkoutRows.names)} from checkouts where id = ${idToUuid(id)}::uuid`;
  return toCheckout(row);
}

/** A checkout for its buyer; null for anyone else. */
export async function findOwnCheckout(ctx: Ctx, id: CheckoutId, buyerId: UserId): Promise<Checkout> {
  const { sql } = ctx.db;
  const [row] =
    await sql`select ${sql(checkoutRows.names)} from checkouts where id = ${idToUuid(id)}::uuid and buyer_id = ${idToUuid(buyerId)}::uuid`;
  return existing(toCheckout(row));
}

function existing(row: Checkout | null | undefined): Checkout {
  if (!row) throw notFound('checkout');
  return row;
}

export async function findCheckoutByForm(ctx: Ctx, buyerId: UserId, formToken: string): Promise<Checkout | null> {
  const { sql } = ctx.db;
  const [row] =
    await sql`select ${sql(checkoutRows.names)} from checkouts where buyer_id = ${idToUuid(buyerId)}::uuid and form_token = ${formToken}`;
  return toCheckout(row);
}

export async function findCheckoutBySession(ctx: Ctx, stripeSessionId: string): Promise<Checkout | null> {
  const { sql } = ctx.db;
  const [row] = await sql`select ${sql(checkoutRows.names)} from checkouts where stripe_session_id = ${stripeSessionId}`;
  return toCheckout(row);
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

/** One step by compare-and-set, with its other columns; null if another caller was faster. */
export async function moveCheckout<Step extends CheckoutStep>(
  tx: Ctx,
  id: CheckoutId,
  step: Step,
  changes: Changes<Step>,
): Promise<Checkout | null> {
  const { from, to } = checkoutTransitions[step];
  const { sql } = tx.db;
  const columns = checkoutRows.toColumns({ ...(changes satisfies Partial<Checkout>), state: to });
  const [row] = await sql`
    update checkouts set ${sql(columns)} where id = ${idToUuid(id)}::uuid and state in ${sql([...from])}
    returning ${sql(checkoutRows.names)}`;
  return toCheckout(row);
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

/** Records a payment once; null if it is recorded already. */
export async function recordPayment(tx: Ctx, facts: Omit<Payment, 'paidAt'>): Promise<Payment | null> {
  const { sql } = tx.db;
  const [row] = await sql`
    insert into payments ${sql(paymentRows.toColumns({ ...facts, paidAt: tx.now }))} on conflict do nothing
    returning ${sql(paymentRows.names)}`;
  return row ? paymentRows.toModel(row) : null;
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
