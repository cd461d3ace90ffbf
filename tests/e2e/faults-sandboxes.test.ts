import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { checkouts, grants, listings, runs, transactions } from '~db/schema';
import { ensureAccessKey } from '~/modules/metering/index.server';
import { usdNano } from '~/platform/money';
import { expectInvariants } from '~tests/setup/invariants';
import { services, stack, stackAndServices } from '~tests/setup/stack-services';
import { control } from './journeys';
import { aLotOnSale, aShopper, payAtStripe, pressBuy, runOnce, type Shopper } from './shoppers';

/** A minute: longer than any of our time-outs. */
const OUTAGE_MS = 60_000;
stackAndServices();

const findCheckout = async ({ userId }: Shopper) => (await services.db.select().from(checkouts).where(eq(checkouts.buyerId, userId)))[0];
const findGrant = async ({ userId }: Shopper) => (await services.db.select().from(grants).where(eq(grants.buyerId, userId)))[0];
const open = (shopper: Shopper, path: string) => fetch(stack.baseUrl + path, { headers: { Cookie: shopper.cookie }, redirect: 'manual' });

async function bothGoDown(): Promise<void> {
  const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
  await fetch(`${stack.stripeUrl}/_sandbox/faults`, { ...json, body: JSON.stringify({ kind: 'outage', ms: OUTAGE_MS, path: '/v1' }) });
  await control(stack, 'outage', { ms: OUTAGE_MS, mode: 'reset' });
}

it('while Stripe and Replicate are down every answer is defined and nothing is charged; all work is completed once they are back', async () => {
  const listing = await aLotOnSale(stack, services);
  const owner = await aShopper(stack, services, 50);
  await pressBuy(stack, owner, listing);
  await payAtStripe(stack, services, (await findCheckout(owner))!.id);
  await expect.poll(() => findGrant(owner), { timeout: 20_000 }).toBeDefined();
  const { text: key = '' } = await ensureAccessKey(services.ctxFor(owner.actor));
  expect((await runOnce(stack.gatewayUrl, key ?? '', 'before')).status).toBe(201);
  const buyers = await Promise.all(Array.from({ length: 3 }, () => aShopper(stack, services, 20)));

  await bothGoDown();
  const down = performance.now();
  for (const buyer of buyers) {
    const { status, location } = await pressBuy(stack, buyer, listing);
    expect([302, 303]).toContain(status);
    const checkout = await findCheckout(buyer);
    expect(location).toContain(`/checkout/${checkout?.id}`);
    const page = await open(buyer, `/checkout/${checkout?.id}`);
    expect(page.status).toBe(200);
    expect(checkout?.state).toBe('starting');
  }
  for (const prompt of ['one', 'two', 'three']) expect([502, 503]).toContain((await runOnce(stack.gatewayUrl, key ?? '', prompt)).status);
  for (const path of ['/listings', `/listings/${listing.id}`, '/wallet', '/transactions'])
    expect((await open(owner, path)).status).toBe(200);

  await new Promise((done) => setTimeout(done, Math.max(0, OUTAGE_MS + 500 - (performance.now() - down))));
  // A buyer who returns to the page finds it open; otherwise the sweep opens it within a minute or two.
  for (const buyer of buyers) {
    const page = await pressBuy(stack, buyer, listing);
    expect(page.location).toContain(stack.stripeUrl);
    await payAtStripe(stack, services, (await findCheckout(buyer))!.id);
  }
  const states = async () =>
    (await services.db.select().from(transactions).where(eq(transactions.listingId, listing.id))).map(({ state }) => state);
  await expect.poll(states, { timeout: 30_000 }).toEqual(Array.from({ length: 4 }, () => 'delivered'));
  expect((await runOnce(stack.gatewayUrl, key ?? '', 'after')).status).toBe(201);
  // A run whose state is unknown stays authorized until it is certain that no prediction exists.
  const settled = async () =>
    (await services.db.select().from(runs).where(eq(runs.buyerId, owner.userId))).filter(({ state }) => state === 'captured').length;
  // The run from before the outage was looked up three times without an answer; the next try is a minute later.
  await expect.poll(settled, { timeout: 60_000 }).toBe(2);
  const [lot] = await services.db.select().from(listings).where(eq(listings.id, listing.id));
  expect(lot).toMatchObject({ soldNano: usdNano(110), reservedNano: 0n });
  await expectInvariants({ services });
});
