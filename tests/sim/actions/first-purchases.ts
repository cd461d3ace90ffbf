import { findCheckout } from '~/modules/payments/index.server';
import { usdNano } from '~/platform/money';
import { confirmPayment } from '~/workflows/paying/confirm-payment.server';
import { startCheckout } from '~/workflows/paying/start-checkout.server';
import type { Sim } from '../sim';

const wanted = [
  { buyer: 0, lot: 0, usd: 40, discountBps: 5_000 },
  { buyer: 1, lot: 1, usd: 20, discountBps: 4_000 },
] as const;

/** Two buyers buy before a run begins, so that runs can burn credit from the first step. */
export async function firstPurchases(sim: Sim): Promise<void> {
  for (const { usd, discountBps, ...who } of wanted) {
    const [buyer, lot] = [sim.people.buyers[who.buyer], sim.lots[who.lot]];
    if (!buyer || !lot) continue;
    const form = {
      listingId: lot.listingId,
      creditNano: usdNano(usd),
      shownDiscountBps: discountBps,
      formToken: sim.newForm(),
      useNow: true as const,
    };
    const { checkoutId } = await startCheckout(sim.as(buyer), form);
    const { stripeSessionId } = await findCheckout(sim.world.system(), checkoutId);
    sim.world.stripe.control.paySession(stripeSessionId ?? '');
    await confirmPayment(sim.world.system(), checkoutId);
    sim.addPurchase({ checkoutId, buyer, form });
  }
}
