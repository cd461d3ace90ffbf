import { eq } from 'drizzle-orm';
import { listings, offers } from '~db/schema';
import { findNamedLot } from '~/modules/listings/index.server';
import { declineOffer, makeOffer, withdrawOffer } from '~/modules/offers/index.server';
import { formatNano, formatPercent, usdNano } from '~/platform/money';
import { acceptOfferAndOpenCheckout } from '~/workflows/listing/accept-offer.server';
import type { Action, Bid, Sim } from '../sim';
import { NothingToDo } from '../outcome';

const bid: Action = {
  name: 'make an offer',
  weight: 7,
  run: async (sim) => {
    const selling = await sim.world.observer().db.select().from(listings).where(eq(listings.state, 'active'));
    const lot = sim.some(sim.dice.chance(0.1) ? sim.lots : sim.lots.filter(({ listingId }) => selling.some(({ id }) => id === listingId)));
    const [listing] = await sim.world.observer().db.select().from(listings).where(eq(listings.id, lot.listingId));
    if (!listing) throw new NothingToDo();
    const buyer = sim.dice.pick(sim.people.buyers.filter(({ name }) => name !== lot.seller.name));
    const input = {
      listingId: lot.listingId,
      creditNano: usdNano(sim.dice.pick([20, 25, 40, 60])),
      discountBps: Math.min(7_000, listing.discountBps + sim.dice.pick([0, 500, 500, 1_000])),
      hours: sim.dice.pick([1, 6, 48]),
    };
    const facts = { minimumNano: listing.minNano, onSale: listing.state === 'active', discountBps: listing.discountBps };
    const offer = await makeOffer(sim.as(buyer), { ...listing, ...facts }, input);
    const made = { name: `offer ${sim.bids.length + 1}`, offerId: offer.id, buyer, lot };
    sim.bids.push(made);
    return `${buyer.name} offers ${formatPercent(input.discountBps)} off for ${formatNano(input.creditNano)} of ${lot.name}: ${made.name}`;
  },
};

async function openBid(sim: Sim): Promise<Bid> {
  const open = await sim.world.observer().db.select({ id: offers.id }).from(offers).where(eq(offers.state, 'open'));
  const bids = sim.bids.filter(({ offerId }) => open.some(({ id }) => id === offerId));
  return sim.some(sim.dice.chance(0.9) ? bids : sim.bids);
}

const accept: Action = {
  name: 'accept an offer',
  weight: 8,
  calls: 'stripe',
  mayDieAt: ['checkout:after-reserve', 'checkout:before-stripe', 'stripe:before-outcome'],
  run: async (sim) => {
    const { offerId, lot, buyer, name } = await openBid(sim);
    const { checkoutId } = await acceptOfferAndOpenCheckout(sim.as(lot.seller), { offerId });
    return `${lot.seller.name} accepts ${name}: ${sim.addPurchase({ checkoutId, buyer, form: null }).name}`;
  },
};

const decline: Action = {
  name: 'decline an offer',
  weight: 3,
  run: async (sim) => {
    const { offerId, lot, name } = await openBid(sim);
    await declineOffer(sim.as(lot.seller), offerId, findNamedLot);
    return `${lot.seller.name} declines ${name}`;
  },
};

const takeBack: Action = {
  name: 'withdraw an offer',
  weight: 3,
  run: async (sim) => {
    const { offerId, buyer, name } = await openBid(sim);
    await withdrawOffer(sim.as(buyer), offerId);
    return `${buyer.name} withdraws ${name}`;
  },
};

export const bidding = [bid, accept, decline, takeBack];
