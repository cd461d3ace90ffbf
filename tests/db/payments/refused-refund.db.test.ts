import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { payments, refunds, stripeCalls, transactions } from '~db/schema';
import { HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { idToUuid, type TransactionId } from '~/platform/ids';
import { operationsFigures } from '~/queries/admin/operations-figures.server';
import { failOverdueLots } from '~/workflows/failing/fail-lot.server';
import { retryStripeWork } from '~/workflows/paying/reconcile-stripe.server';
import { refundUnburned } from '~/workflows/failing/refund-unburned.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aPurchase, findPurchase, workOff } from '~tests/factories/transactions';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
let admin: Person;

beforeAll(async () => {
  admin = await anAdmin(market);
});

async function findRefund(transactionId: TransactionId) {
  const [row] = await market.system().db.select().from(refunds).where(eq(refunds.transactionId, transactionId));
  if (!row) throw new Error('There is no refund.');
  return row;
}
const watched = async (label: string) =>
  (await operationsFigures(market.system())).find((figure) => figure.name === 'refunds' && figure.label === label)?.value ?? 0;
/** A refund of a payment that Stripe does not have is refused permanently. */
const setPaymentIntent = (paymentId: (typeof payments.$inferSelect)['id'], stripePaymentIntentId: string) =>
  market.system().db.update(payments).set({ stripePaymentIntentId }).where(eq(payments.id, paymentId));

describe('a refund that Stripe refuses permanently', () => {
  it('waits for a person, is retried with growing pauses, and is made once Stripe accepts it', async () => {
    const { listing } = await aListing(market, { admin });
    const buyer = await aPerson(market);
    const { transactionId } = await aPurchase(market, buyer, listing, 40);
    await refundUnburned(market.system(), { transactionId, reason: 'A test.' });
    const { id, paymentId } = await findRefund(transactionId);
    const [payment] = await market.system().db.select().from(payments).where(eq(payments.id, paymentId));
    if (!payment) throw new Error('There is no payment.');
    await setPaymentIntent(paymentId, 'pi_unknown');

    await workOff(market);
    expect(await findRefund(transactionId)).toMatchObject({ state: 'requested', refusals: 1 });
    expect((await findRefund(transactionId)).refusal).toContain('pi_unknown');
    expect([await watched('refused'), await watched('waiting')]).toEqual([1, 0]);

    // It is retried when due, not each minute.
    market.advance(5 * MINUTE_MS);
    await retryStripeWork(market.system());
    expect((await findRefund(transactionId)).refusals).toBe(1);
    market.advance(6 * MINUTE_MS);
    await retryStripeWork(market.system());
    const second = await findRefund(transactionId);
    expect(second.refusals).toBe(2);
    expect((second.nextTryAt?.getTime() ?? 0) - market.system().now.getTime()).toBeGreaterThan(19 * MINUTE_MS);

    await setPaymentIntent(paymentId, payment.stripePaymentIntentId);
    market.advance(30 * MINUTE_MS);
    await Promise.all([retryStripeWork(market.system()), retryStripeWork(market.system())]);
    expect(await findRefund(transactionId)).toMatchObject({ state: 'succeeded', refusal: null, refusals: 2 });
    expect(market.stripe.control.money().refundedCents).toBe(2_000);
    const calls = await market.system().db.select().from(stripeCalls).where(eq(stripeCalls.operation, 'refund.create'));
    expect(calls.map((call) => [call.idempotencyKey, call.outcome]).sort()).toEqual([
      [id, 'not_done'],
      [`${id}:2`, 'not_done'],
      [`${id}:3`, 'done'],
    ]);
    expect(await watched('refused')).toBe(0);
    await expectInvariants(market);
  });
});

it('a purchase of a failed lot that cannot be refunded does not delay the others and is retried', async () => {
  const { listing } = await aListing(market, { admin });
  const buyers = [await aPerson(market), await aPerson(market), await aPerson(market)];
  const bought: Awaited<ReturnType<typeof aPurchase>>[] = [];
  for (const buyer of buyers) bought.push(await aPurchase(market, buyer, listing, 40));
  const state = async (checkoutId: (typeof bought)[number]['checkoutId']) => (await findPurchase(market, checkoutId)).transaction.state;
  await reportLotFailure(market.system(), { listingId: listing.id, reason: 'token_refused', detail: 'test' });
  market.advance(25 * HOUR_MS);
  const [first, ...others] = bought;
  if (!first) throw new Error('Nothing was bought.');
  // A refund without its payment breaks a promise of the code, which throws.
  const db = market.system().db;
  const [payment] = await db.select().from(payments).where(eq(payments.checkoutId, first.checkoutId));
  if (!payment) throw new Error('There is no payment.');
  await market.asOwner(`delete from payments where id = '${idToUuid(payment.id)}'`);

  await failOverdueLots(market.system());
  for (const { checkoutId } of others) expect(await state(checkoutId)).toBe('refunded');
  expect(await state(first.checkoutId)).toBe('frozen');

  await db.insert(payments).values(payment);
  await failOverdueLots(market.system());
  expect(await state(first.checkoutId)).toBe('refunded');
  expect((await db.select().from(transactions).where(eq(transactions.listingId, listing.id))).length).toBe(3);
  await expectInvariants(market);
});
