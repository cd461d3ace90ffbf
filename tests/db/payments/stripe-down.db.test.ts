import { afterEach, expect, it } from 'vitest';
import { findCheckout } from '~/modules/payments/index.server';
import { MINUTE_MS } from '~/platform/dates';
import { endCheckout } from '~/workflows/paying/end-checkout.server';
import { resumeCheckout } from '~/workflows/paying/start-checkout.server';
import { sweepCheckouts } from '~/workflows/paying/sweep-checkouts.server';
import { aListing, aPerson, startPurchase } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
const goDown = () => market.stripe.control.addFault({ kind: 'outage' });
afterEach(() => market.stripe.control.clearFaults());

it('an open checkout cannot be canceled while Stripe is down; it is canceled after', async () => {
  const { listing } = await aListing(market);
  const { checkoutId } = await startPurchase(market, listing);
  goDown();
  expect(await endCheckout(market.system(), checkoutId, 'canceled')).toBe('waiting');
  market.stripe.control.clearFaults();
  expect(await endCheckout(market.system(), checkoutId, 'canceled')).toBe('ended');
  await expectInvariants(market);
});

it('a checkout whose Stripe session is unknown waits until Stripe is back, whether the buyer pays or cancels', async () => {
  const { listing } = await aListing(market);
  const buyer = await aPerson(market);
  goDown();
  const { checkoutId } = await startPurchase(market, listing, { buyer });
  market.advance(10 * MINUTE_MS);
  expect(await endCheckout(market.system(), checkoutId, 'canceled')).toBe('waiting');
  const checkout = await findCheckout(market.system(), checkoutId);
  expect((await resumeCheckout(buyer.ctx(), checkout)).url).toBe(`/checkout/${checkoutId}`);
  market.stripe.control.clearFaults();
  await sweepCheckouts(market.system());
  expect((await findCheckout(market.system(), checkoutId)).state).toBe('canceled');
  await expectInvariants(market);
});
