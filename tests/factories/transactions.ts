import { randomUUID } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import { Logger, parseCronItems, runOnce } from 'graphile-worker';
import { checkouts, grants, transactions } from '~db/schema';
import { queuedJobs } from '~/jobs/registry';
import type { Listing } from '~/modules/listings/index.server';
import { authorizeRun, captureRun, ensureAccessKey } from '~/modules/metering/index.server';
import { addMs, MINUTE_MS } from '~/platform/dates';
import { newId, type CheckoutId, type TransactionId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { confirmPayment } from '~/workflows/paying/confirm-payment.server';
import { startCheckout } from '~/workflows/paying/start-checkout.server';
import type { TestMarket } from '~tests/setup/market';
import type { Person } from './market';

/** What the buy form posts for this many dollars of credit. */
export function buying(listing: Listing, credit: number, formToken: string = randomUUID()) {
  return { listingId: listing.id, creditNano: usdNano(credit), shownDiscountBps: listing.discountBps, formToken, useNow: true as const };
}

/** A checkout with its hosted page open, not paid. */
export async function aCheckout(
  market: TestMarket,
  buyer: Person,
  listing: Listing,
  credit = 100,
): Promise<{ checkoutId: CheckoutId; sessionId: string }> {
  const { checkoutId } = await startCheckout(buyer.ctx(), buying(listing, credit));
  return { checkoutId, sessionId: await findSession(market, checkoutId) };
}

/** A checkout that was opened and paid, while Stripe's answer to the create was lost. */
export async function aPaidCheckoutWithoutAnswer(market: TestMarket, buyer: Person, listing: Listing, credit: number) {
  const { control } = market.stripe;
  control.addFault({ kind: 'drop_after', method: 'POST', path: '/v1/checkout/sessions', times: 6 });
  const { checkoutId } = await startCheckout(buyer.ctx(), buying(listing, credit));
  control.clearFaults();
  const session = await market.services.ports.stripe.findSessionByCheckout(checkoutId, market.services.clock.now());
  if (!session) throw new Error(`Stripe has not opened ${checkoutId}.`);
  control.paySession(session.id);
  return { checkoutId, sessionId: session.id };
}

export async function checkoutRow(market: TestMarket, checkoutId: CheckoutId) {
  const [row] = await market.system().db.select().from(checkouts).where(eq(checkouts.id, checkoutId));
  if (!row) throw new Error(`There is no checkout ${checkoutId}.`);
  return row;
}

export async function findSession(market: TestMarket, checkoutId: CheckoutId): Promise<string> {
  const { stripeSessionId } = await checkoutRow(market, checkoutId);
  if (!stripeSessionId) throw new Error(`Stripe has not opened ${checkoutId}.`);
  return stripeSessionId;
}

/** The one transaction of a checkout with its grant, if it has one. */
export async function findPurchase(market: TestMarket, checkoutId: CheckoutId) {
  const [row] = await market
    .system()
    .db.select({ transaction: transactions, grant: grants })
    .from(transactions)
    .leftJoin(grants, eq(grants.transactionId, transactions.id))
    .where(eq(transactions.checkoutId, checkoutId))
    .orderBy(asc(transactions.id));
  if (!row) throw new Error(`There is no transaction of ${checkoutId}.`);
  return row;
}

/** A purchase paid by card and confirmed: the credit is in the buyer's wallet. */
export async function aPurchase(
  market: TestMarket,
  buyer: Person,
  listing: Listing,
  credit = 100,
): Promise<{ checkoutId: CheckoutId; transactionId: TransactionId }> {
  const { checkoutId, sessionId } = await aCheckout(market, buyer, listing, credit);
  market.stripe.control.paySession(sessionId);
  await confirmPayment(market.system(), checkoutId);
  return { checkoutId, transactionId: (await findPurchase(market, checkoutId)).transaction.id };
}

/** Authorizes a run from the buyer's wallet; `settle` captures its cost. */
export async function aRun(buyer: Person, boundNano: bigint) {
  const ctx = buyer.ctx();
  const key = await ensureAccessKey(ctx);
  const result = await authorizeRun(ctx, {
    buyerId: buyer.id,
    accessKeyId: key.id,
    model: 'black-forest-labs/flux-schnell',
    version: 'v1',
    priceId: newId('price', ctx.now),
    priceFacts: {},
    maxNano: boundNano,
    minNano: boundNano,
    bodyHash: randomUUID(),
    idempotencyKey: null,
    exceptGrants: [],
    deadlineAt: addMs(ctx.now, 30 * MINUTE_MS),
    nextCheckAt: addMs(ctx.now, MINUTE_MS),
  });
  if (!result.ok) throw new Error(`Not authorized: ${result.reason}`);
  const { id: runId } = result.run;
  const settle = (costNano: bigint) =>
    captureRun(buyer.ctx(), {
      runId,
      buyerId: buyer.id,
      upstreamStatus: 'succeeded',
      metrics: {},
      finalBody: null,
      costNano,
      estimated: false,
    });
  return { runId, settle };
}

/** Burns credit from the buyer's wallet. */
export async function burn(buyer: Person, nano: bigint): Promise<void> {
  const run = await aRun(buyer, nano);
  await run.settle(nano);
}

/** Runs every due job, as the worker does. */
export async function workOff(market: TestMarket): Promise<void> {
  await runOnce({
    connectionString: market.databaseUrl,
    parsedCronItems: parseCronItems([]),
    logger: new Logger(() => () => undefined),
    taskList: Object.fromEntries(queuedJobs.map((queued) => [queued.job.name, (payload: unknown) => queued.run(market.system(), payload)])),
  });
}
