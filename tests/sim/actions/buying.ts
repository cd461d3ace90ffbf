import { eq } from 'drizzle-orm';
import { checkouts, listings, transactions } from '~db/schema';
import { findCheckout, findOwnCheckout } from '~/modules/payments/index.server';
import { MINUTE_MS } from '~/platform/dates';
import { formatNano, usdNano } from '~/platform/money';
import { confirmPayment } from '~/workflows/paying/confirm-payment.server';
import { endCheckout } from '~/workflows/paying/end-checkout.server';
import { resumeCheckout, startCheckout } from '~/workflows/paying/start-checkout.server';
import { takeRefundNow } from '~/workflows/failing/take-refund-now.server';
import { withdrawFromContract } from '~/workflows/failing/withdraw-from-contract.server';
import { isRefusal, NothingToDo, Refused } from '../outcome';
import type { Buyer } from '../people';
import type { Action, Lot, Purchase, Sim } from '../sim';
import { letPass } from './keeping';

/** Actions that open a checkout or take its payment. */
const opens = { calls: 'stripe', mayDieAt: ['checkout:after-reserve', 'checkout:before-stripe', 'stripe:before-outcome'] } as const;
const takes = { calls: 'stripe', mayDieAt: ['payment:before-taken'], comesAgain: true } as const;
const GOOD = '4242424242424242';
const CARDS = [GOOD, GOOD, GOOD, GOOD, GOOD, GOOD, '4000002500003155', '4000000000000002'] as const;

/** What a buyer's form posts: a lot on sale if there is one, at the current or the previous price. */
async function someForm(sim: Sim, all = false) {
  const selling = await sim.world.observer().db.select().from(listings).where(eq(listings.state, 'active'));
  const onSale = sim.lots.filter(({ listingId }) => selling.some(({ id, availableNano }) => id === listingId && availableNano > 0n));
  const lot = sim.dice.chance(0.9) ? sim.some(onSale) : sim.some(sim.lots);
  const [listing] = await sim.world.observer().db.select().from(listings).where(eq(listings.id, lot.listingId));
  if (!listing) throw new NothingToDo();
  const wanted = usdNano(sim.dice.pick([15, 20, 20, 25, 30, 40, 60, 120]));
  const stale = sim.dice.chance(0.05) ? 250 : 0;
  const form = {
    listingId: lot.listingId,
    creditNano: all && listing.availableNano > 0n ? listing.availableNano : wanted,
    shownDiscountBps: listing.discountBps + stale,
    formToken: sim.newForm(),
    useNow: true as const,
  };
  return { lot, form, words: `${formatNano(form.creditNano)} of ${lot.name}` };
}

/** Mostly a buyer who is not the seller. */
function someBuyer({ dice, people }: Sim, { seller }: Lot): Buyer {
  return dice.pick(dice.chance(0.9) ? people.buyers.filter(({ name }) => name !== seller.name) : people.buyers);
}

const buy: Action = {
  name: 'press Buy',
  weight: 16,
  ...opens,
  run: async (sim) => {
    const { lot, form, words } = await someForm(sim);
    const buyer = someBuyer(sim, lot);
    const { checkoutId } = await startCheckout(sim.as(buyer), form);
    const { name } = sim.addPurchase({ checkoutId, buyer, form });
    return `${buyer.name} presses Buy for ${words}: ${name}`;
  },
};

const doubleClick: Action = {
  name: 'press Buy twice',
  weight: 3,
  ...opens,
  run: async (sim) => {
    const { lot, form, words } = await someForm(sim, sim.dice.chance(0.3));
    const buyer = someBuyer(sim, lot);
    const clicks = await waitForAll([startCheckout(sim.as(buyer), form), startCheckout(sim.as(buyer), form)]);
    const ids = new Set(clicks.map(({ checkoutId }) => checkoutId));
    if (ids.size > 1) throw new Error(`one form made ${ids.size} checkouts`);
    const [checkoutId] = ids;
    if (!checkoutId) throw new NothingToDo();
    const { name } = sim.addPurchase({ checkoutId, buyer, form });
    return `${buyer.name} presses Buy twice for ${words}: ${name}`;
  },
};

const race: Action = {
  name: 'two want the last',
  weight: 2,
  calls: 'stripe',
  run: async (sim) => {
    const { form, words } = await someForm(sim, true);
    const [one, other] = [sim.dice.pick(sim.people.buyers), sim.dice.pick(sim.people.buyers)];
    const tries: [Buyer, typeof form][] = [
      [one, form],
      [other, { ...form, formToken: sim.newForm() }],
    ];
    const started = await waitForAll(
      tries.map(async ([buyer, its]) => ({ buyer, form: its, ...(await startCheckout(sim.as(buyer), its)) })),
    );
    for (const { buyer, form: its, checkoutId } of started) sim.addPurchase({ buyer, form: its, checkoutId });
    return `${one.name} and ${other.name} both want ${words}: ${started.length} got it`;
  },
};

/** Waits for all. Drops the refused ones, unless all were refused. */
async function waitForAll<T>(work: Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  for (const error of refused) if (!isRefusal(error)) throw error;
  if (refused.length === results.length) throw refused[0];
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** Returns to an old page: sends the same form again, or asks the checkout page for the payment link. */
const again: Action = {
  name: 'come back to a checkout',
  weight: 3,
  ...opens,
  run: async (sim) => {
    const { form, buyer, checkoutId, name } = sim.some(sim.purchases);
    if (form && sim.dice.chance(0.5)) {
      const started = await startCheckout(sim.as(buyer), form);
      const later = sim.addPurchase({ checkoutId: started.checkoutId, buyer, form });
      return `${buyer.name} sends the form of ${name} again: ${later.name}`;
    }
    await resumeCheckout(sim.as(buyer), await findOwnCheckout(sim.as(buyer), checkoutId, buyer.actor.userId));
    return `${buyer.name} comes back to ${name}`;
  },
};

async function purchasesIn(sim: Sim, states: readonly string[]): Promise<Purchase[]> {
  const rows = await sim.world.observer().db.select({ id: checkouts.id, state: checkouts.state }).from(checkouts);
  const fitting = new Set(rows.filter(({ state }) => states.includes(state)).map(({ id }) => id));
  return sim.purchases.filter(({ checkoutId }) => fitting.has(checkoutId));
}

/** On Stripe's page, outside our application. */
const pay: Action = {
  name: 'pay at Stripe',
  weight: 14,
  run: async (sim) => {
    const purchase = sim.some(sim.dice.chance(0.9) ? await purchasesIn(sim, ['open']) : sim.purchases);
    const { stripeSessionId } = await findCheckout(sim.world.system(), purchase.checkoutId);
    if (!stripeSessionId) throw new NothingToDo();
    const card = sim.dice.pick(CARDS);
    const outcome = sim.world.stripe.control.paySession(stripeSessionId, { card, challenge: sim.dice.chance(0.8) ? 'complete' : 'fail' });
    if (outcome.kind !== 'paid') throw new Refused(`${purchase.name} was not paid: ${outcome.kind}`);
    return `${purchase.buyer.name} pays ${purchase.name}`;
  },
};

/** Pays just before the page expires, and no webhook comes before the checkout's time is over. */
const payLast: Action = {
  name: 'pay in the last minute',
  weight: 7,
  ...takes,
  run: async (sim) => {
    const purchase = sim.some(await purchasesIn(sim, ['open']));
    const { stripeSessionId, expiresAt } = await findCheckout(sim.world.system(), purchase.checkoutId);
    const leftMs = expiresAt.getTime() - sim.world.now.getTime() - MINUTE_MS / 2;
    if (leftMs > 0) await letPass(sim, leftMs);
    if (!stripeSessionId || sim.world.stripe.control.paySession(stripeSessionId).kind !== 'paid') throw new NothingToDo();
    await letPass(sim, 3 * MINUTE_MS);
    return `${purchase.buyer.name} pays ${purchase.name} in its last minute`;
  },
};

const comeBackPaid: Action = {
  name: 'return from Stripe',
  weight: 6,
  ...takes,
  run: async (sim) => {
    const purchase = sim.some(await purchasesIn(sim, ['open', 'starting', 'expired']));
    const confirmed = await confirmPayment(sim.as(purchase.buyer), purchase.checkoutId);
    return `${purchase.buyer.name} returns to ${purchase.name}: ${confirmed}`;
  },
};

const cancel: Action = {
  name: 'cancel a checkout',
  weight: 3,
  calls: 'stripe',
  run: async (sim) => {
    const purchase = sim.some(await purchasesIn(sim, ['open', 'starting']));
    const ending = await endCheckout(sim.as(purchase.buyer), purchase.checkoutId, 'canceled');
    if (ending === 'waiting') throw new Refused(`${purchase.name} could not be canceled now`);
    return `${purchase.buyer.name} cancels ${purchase.name}: ${ending}`;
  },
};

const refund: Action = {
  name: 'take the refund',
  weight: 5,
  run: async (sim) => {
    const purchase = sim.some(await purchasesIn(sim, ['paid']));
    const rows = await sim.world.observer().db.select().from(transactions).where(eq(transactions.checkoutId, purchase.checkoutId));
    const [transaction] = rows;
    if (!transaction) throw new NothingToDo();
    const { state } = await takeRefundNow(sim.as(purchase.buyer), transaction.id);
    return `${purchase.buyer.name} takes the refund of ${purchase.name}: ${state}`;
  },
};

const withdraw: Action = {
  name: 'withdraw from a contract',
  weight: 2,
  run: async (sim) => {
    const purchase = sim.some(await purchasesIn(sim, ['paid']));
    const rows = await sim.world.observer().db.select().from(transactions).where(eq(transactions.checkoutId, purchase.checkoutId));
    const [transaction] = rows;
    if (!transaction) throw new NothingToDo();
    const clicks = await waitForAll(
      [1, 2].slice(0, sim.dice.chance(0.3) ? 2 : 1).map(() => withdrawFromContract(sim.as(purchase.buyer), transaction.id)),
    );
    if (clicks.length > 1) throw new Error(`${purchase.name} was withdrawn from twice`);
    return `${purchase.buyer.name} withdraws from ${purchase.name}: ${clicks[0]?.state}`;
  },
};

/** An operator refunds part or all of a payment in Stripe's Dashboard. */
const refundByHand: Action = {
  name: 'refund in the Dashboard',
  weight: 4,
  run: async (sim) => {
    const purchase = sim.some(await purchasesIn(sim, ['paid', 'open', 'expired']));
    const { stripeSessionId } = await findCheckout(sim.world.system(), purchase.checkoutId);
    const session = sim.world.stripe.control.sessions().find(({ id }) => id === stripeSessionId);
    const leftCents = session?.unrefundedCents ?? 0;
    if (!session?.paymentIntentId || leftCents === 0) throw new NothingToDo();
    const amountCents = sim.dice.chance(0.5) ? leftCents : 1 + sim.dice.below(leftCents);
    sim.world.stripe.control.refundInDashboard(session.paymentIntentId, amountCents);
    return `${amountCents} cents of ${purchase.name} are refunded in the Dashboard`;
  },
};

export const buying = [buy, doubleClick, race, again, pay, payLast, comeBackPaid, cancel, refund, withdraw, refundByHand];
