import { makeOffer } from '~/modules/offers/index.server';
import { mintAccessKey } from '~/modules/metering/index.server';
import { findNamedLot } from '~/modules/listings/index.server';
import { declineOffer } from '~/modules/offers/index.server';
import type { Env } from '~/platform/env';
import { invariant } from '~/platform/errors';
import { usdNano } from '~/platform/money';
import { findListings } from '~/queries/market/listings.server';
import type { createServices } from '~/services.server';
import { acceptOfferAndOpenCheckout } from '~/workflows/listing/accept-offer.server';
import { endGrants } from '~/workflows/burning/end-grants.server';
import { failLot } from '~/workflows/failing/fail-lot.server';
import { countBurns } from '~/workflows/burning/count-burns.server';
import { prepareMarket } from '~/workflows/listing/prepare-market.server';
import { releaseVested, settleTransactions } from '~/workflows/releasing/release-vested.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { retireListings } from '~/workflows/listing/retire-listings.server';
import { burn, burnADay } from './burns';
import { changeLots, listLot } from './lots';
import { buyerNames, demoAdmin, demoBuyer, demoSeller, demoSellerEmail, lots, marketDays, sellers } from './market-plan';
import { anAdmin, aPerson } from './people';
import { dice } from './random';
import { sandboxes } from './sandboxes';
import { purchase, tradeADay } from './trades';
import { as, asTheSystem, MovedClock, type World } from './world';

/** What a person or a script needs for the demo. Each start adds addresses. */
export interface Demo {
  accounts: { role: 'admin' | 'seller' | 'buyer'; email: string; password: string }[];
  buyerAccessKey: string;
  sellerToken: string;
  spareSellerToken: string;
}

type Say = (line: string) => void;

/**
 * Plays ninety days of a market in seconds, under a moved clock: people sign up, list, review, buy and burn through the pages'
 * commands. Stripe and Replicate are the sandboxes.
 */
export async function seedMarket(env: Env, open: typeof createServices, say: Say): Promise<Demo> {
  invariant(env.stripe.apiUrl, 'the demo pays at its own sandbox');
  const outside = sandboxes({ stripe: env.stripe.apiUrl, replicate: env.replicate.apiUrl });
  const clock = new MovedClock(new Date(), marketDays);
  const services = await open(env, { clock });
  try {
    await outside.holdWebhooks();
    await outside.setClock(clock.now());
    await prepareMarket(services.ctxFor({ kind: 'system', name: 'seed' }));
    const world = await populate({ services, clock, outside });
    say(`${world.sellers.size} sellers, ${world.buyers.length + 1} buyers, an admin`);
    await liveNinetyDays(world, say);
    await countBurns(asTheSystem(world));
    await openOffers(world);
    const demo = await describeDemo(world);
    await outside.setClock(null);
    await outside.dropWebhooks();
    return demo;
  } finally {
    await services.close();
  }
}

async function populate(base: Pick<World, 'services' | 'clock' | 'outside'>): Promise<World> {
  const system = base.services.ctxFor({ kind: 'system', name: 'seed' });
  const admin = await anAdmin(system, demoAdmin);
  const people = await Promise.all(
    sellers.map(
      async (seller) =>
        [
          seller.key,
          await aPerson(system, { name: seller.name, email: seller.key === demoSeller.key ? demoSellerEmail : seller.email }),
        ] as const,
    ),
  );
  const buyers = await Promise.all(
    buyerNames.map((name) => aPerson(system, { name, email: `${name.toLowerCase().replace(' ', '.')}@buyer.example` })),
  );
  return {
    ...base,
    dice: dice(20_260_901),
    admin,
    sellers: new Map(people),
    buyers,
    demoBuyer: await aPerson(system, demoBuyer),
    lots: [],
  };
}

async function liveNinetyDays(world: World, say: Say): Promise<void> {
  for (let daysAgo = marketDays - 1; daysAgo >= 0; daysAgo -= 1) {
    world.clock.moveTo(daysAgo, 5);
    for (const [number, plan] of lots.entries()) if (plan.daysAgo === daysAgo) await listLot(world, plan, number + 1);
    await changeLots(world, daysAgo);
    world.clock.moveTo(daysAgo, 9);
    await tradeADay(world, 1 + world.dice.below(4));
    if (daysAgo % 9 === 4) await demoBuyerBuys(world);
    await burnADay(world, daysAgo > 36 ? 3 : 1);
    world.clock.moveTo(daysAgo, 20);
    await closeTheDay(world, daysAgo);
    if (daysAgo % 30 === 0) say(`${marketDays - daysAgo} of ${marketDays} days`);
  }
}

async function demoBuyerBuys(world: World): Promise<void> {
  const { rows } = await findListings(asTheSystem(world), {}, 3);
  const lot = rows[world.dice.below(Math.min(rows.length, 5))];
  if (lot) await purchase(world, world.demoBuyer, lot, usdNano(world.dice.pick([40, 60, 90])));
  await burn(world, world.demoBuyer, 4);
}

/** One day of the worker's sweeps. */
async function closeTheDay(world: World, daysAgo: number): Promise<void> {
  const system = asTheSystem(world);
  await countBurns(system);
  const failing = world.lots.find((lot) => lot.plan.fate === 'fails');
  if (failing && daysAgo === 20)
    await reportLotFailure(system, { listingId: failing.listingId, reason: 'token_refused', detail: 'seeded' });
  if (failing && daysAgo === 18) await failLot(system, failing.listingId);
  if (daysAgo % 3 === 0) {
    await retireListings(system);
    await endGrants(system);
    await releaseVested(system);
    await settleTransactions(system);
  }
}

/** Offers on the demo seller's lots: one open, one declined, one accepted and unpaid. */
async function openOffers(world: World): Promise<void> {
  const mine = world.lots.filter((lot) => lot.plan.seller === demoSeller.key && lot.plan.fate === 'sells' && lot.plan.daysAgo < 50);
  const [first, second, third] = mine;
  const [buyer, other] = world.buyers;
  invariant(buyer && other, 'the market has buyers');
  if (first) await bid(world, first, buyer, 120, 300);
  const declined = second && (await bid(world, second, other, 80, 200));
  if (declined) await declineOffer(as(world, second.seller), declined.id, findNamedLot);
  const accepted = third && (await bid(world, third, world.demoBuyer, 60, 200));
  await world.outside.setClock(world.clock.now());
  if (accepted) await acceptOfferAndOpenCheckout(as(world, third.seller), { offerId: accepted.id });
}

async function bid(world: World, lot: World['lots'][number], buyer: World['demoBuyer'], usd: number, deeperBps: number) {
  const { rows } = await findListings(asTheSystem(world), { q: lot.seller.name }, 3);
  const row = rows.find((candidate) => candidate.id === lot.listingId);
  if (!row || row.availableNano < usdNano(usd)) return null;
  const offered = {
    id: row.id,
    sellerId: lot.seller.userId,
    onSale: true,
    availableNano: row.availableNano,
    minimumNano: row.minNano,
    discountBps: row.discountBps,
    faceNano: row.faceNano,
    creditExpiresAt: row.creditExpiresAt,
  };
  const terms = {
    listingId: row.id,
    creditNano: usdNano(usd),
    discountBps: row.discountBps + deeperBps,
    hours: 48,
    message: 'We would take this today.',
  };
  return makeOffer(as(world, buyer), offered, terms);
}

async function describeDemo(world: World): Promise<Demo> {
  const seller = world.sellers.get(demoSeller.key);
  const lot = world.lots.findLast((candidate) => candidate.plan.seller === demoSeller.key && candidate.plan.fate === 'sells');
  const key = await mintAccessKey(as(world, world.demoBuyer), { name: 'demo' });
  invariant(seller && lot && key.text, 'the demo has its seller, a lot and a key that was just made');
  const account = (role: 'admin' | 'seller' | 'buyer', { email, password }: { email: string; password: string }) => ({
    role,
    email,
    password,
  });
  return {
    accounts: [account('admin', world.admin), account('seller', seller), account('buyer', world.demoBuyer)],
    buyerAccessKey: key.text,
    sellerToken: lot.token,
    spareSellerToken: await world.outside.openAccount('spare-pictures', 1_000, 'Spare Pictures'),
  };
}
