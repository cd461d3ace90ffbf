import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkouts, grants, listings, payments, reservations, runs, transactions } from '~db/schema';
import type { Listing } from '~/modules/listings/index.server';
import { ensureAccessKey } from '~/modules/metering/index.server';
import { HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { confirmPayment } from '~/workflows/paying/confirm-payment.server';
import { reconcileRuns } from '~/workflows/burning/reconcile-runs.server';
import { startCheckout } from '~/workflows/paying/start-checkout.server';
import { freeOrphanedReservations, sweepCheckouts } from '~/workflows/paying/sweep-checkouts.server';
import { expectInvariants } from '~tests/setup/invariants';
import { services, stack, stackAndServices } from '~tests/setup/stack-services';
import { aLotOnSale, aShopper, payAtStripe, pressBuy, runOnce, type Shopper } from './shoppers';

/**
 * Each test kills processes by SIGKILL at the worst moment and restarts them: nothing may be lost or doubled. A crash point is
 * armed in both processes of a role; the one that gets the request dies.
 */
let offsetMs = 0;
stackAndServices({ clock: { now: () => new Date(Date.now() + offsetMs) } });
let listing: Listing;
let buyer: Shopper;

beforeEach(async () => {
  offsetMs = 0;
  listing = await aLotOnSale(stack, services);
  buyer = await aShopper(stack, services, 100);
});

const system = () => services.ctxFor({ kind: 'system', name: 'test' });
const listingNow = async () => (await services.db.select().from(listings).where(eq(listings.id, listing.id)))[0];

/** The buyer presses Buy, and the web process dies during the request. */
async function buyAndDie(label: string): Promise<void> {
  await arm('web', label);
  await pressBuy(stack, buyer, listing);
  await stack.ended('web');
  await disarm('web');
}

async function arm(part: 'web' | 'gateway', label: string): Promise<void> {
  await stack.halt(part);
  await stack.start(part, { CRASH_AT: label });
}

async function disarm(part: 'web' | 'gateway'): Promise<void> {
  await stack.halt(part);
  await stack.start(part);
}

async function bought(): Promise<string> {
  const buyerCtx = services.ctxFor(buyer.actor);
  const { checkoutId } = await startCheckout(buyerCtx, {
    listingId: listing.id,
    creditNano: usdNano(100),
    shownDiscountBps: 5_000,
    formToken: randomUUID(),
    useNow: true,
  });
  await payAtStripe(stack, services, checkoutId);
  await confirmPayment(system(), checkoutId);
  const { text } = await ensureAccessKey(buyerCtx);
  return text ?? '';
}

describe('a process killed', () => {
  it('between the reservation and the checkout: the quantity is back on the market after two minutes', async () => {
    await buyAndDie('checkout:after-reserve');
    expect((await listingNow())?.reservedNano).toBe(usdNano(100));
    offsetMs = 3 * MINUTE_MS;
    expect(await freeOrphanedReservations(system())).toBe(1);
    expect((await listingNow())?.availableNano).toBe(usdNano(500));
    expect(await services.db.select().from(reservations).where(eq(reservations.state, 'live'))).toEqual([]);
    await expectInvariants({ services });
  });

  it('between the checkout and Stripe: the same Stripe session is opened once, and can be paid', async () => {
    await buyAndDie('checkout:before-stripe');
    offsetMs = 2 * MINUTE_MS;
    await sweepCheckouts(system());
    const [checkout] = await services.db.select().from(checkouts).where(eq(checkouts.buyerId, buyer.userId));
    expect(checkout?.state).toBe('open');
    if (!checkout) return;
    await payAtStripe(stack, services, checkout.id);
    await expect
      .poll(async () => (await services.db.select().from(transactions).where(eq(transactions.checkoutId, checkout.id)))[0]?.state, {
        timeout: 20_000,
      })
      .toBe('delivered');
    await expectInvariants({ services });
  });

  it('between the payment and its webhook: the payment is confirmed once after the restart', async () => {
    const { checkoutId } = await startCheckout(services.ctxFor(buyer.actor), {
      listingId: listing.id,
      creditNano: usdNano(50),
      shownDiscountBps: 5_000,
      formToken: randomUUID(),
      useNow: true,
    });
    await stack.kill('server');
    await payAtStripe(stack, services, checkoutId);
    await stack.start('server');
    await expect
      .poll(async () => (await services.db.select().from(transactions).where(eq(transactions.checkoutId, checkoutId)))[0]?.state, {
        timeout: 60_000,
      })
      .toBe('delivered');
    expect(await services.db.select().from(payments).where(eq(payments.checkoutId, checkoutId))).toHaveLength(1);
    expect((await listingNow())?.soldNano).toBe(usdNano(50));
    await expectInvariants({ services });
  });

  it('between authorizing a run and creating it: nothing ran, and the authorization is voided', async () => {
    await runAndDie('gateway.authorized');
    offsetMs = 3 * HOUR_MS;
    await reconcileRuns(system());
    expect(await runOfBuyer()).toMatchObject({ state: 'voided', capturedNano: 0n });
    expect(await grantOfBuyer()).toMatchObject({ availableNano: usdNano(100), authorizedNano: 0n });
    await expectInvariants({ services });
  });

  it('between creating a run and recording it: it is found at Replicate and paid once', async () => {
    await runAndDie('gateway.created');
    await expect.poll(async () => (await runOfBuyer())?.state, { timeout: 30_000 }).toBe('captured');
    expect(await runOfBuyer()).toMatchObject({ capturedNano: 3_000_000n });
    expect(await grantOfBuyer()).toMatchObject({ availableNano: usdNano(100) - 3_000_000n, authorizedNano: 0n });
    await expectInvariants({ services });
  });
});

async function runAndDie(label: string): Promise<void> {
  const key = await bought();
  await arm('gateway', label);
  await runOnce(stack.gatewayUrl, key, 'once');
  await stack.ended('gateway');
  await disarm('gateway');
}

const runOfBuyer = async () => (await services.db.select().from(runs).where(eq(runs.buyerId, buyer.userId)))[0];
const grantOfBuyer = async () => (await services.db.select().from(grants).where(eq(grants.buyerId, buyer.userId)))[0];
