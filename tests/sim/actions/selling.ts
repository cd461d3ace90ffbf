import { answerReview, askForProbe, changePrice, pauseListing, resumeListing, takeBackRaise } from '~/modules/listings/index.server';
import { addDays } from '~/platform/dates';
import { formatNano, formatPercent, usdNano } from '~/platform/money';
import { raiseFaceValue } from '~/workflows/listing/raise-face-value.server';
import { replaceListingToken } from '~/workflows/listing/replace-token.server';
import { withdrawListing } from '~/workflows/listing/retire-listings.server';
import { resubmitRejected, submitListing } from '~/workflows/listing/submit-listing.server';
import { reportLowCredit } from '~/workflows/failing/report-lot-failure.server';
import { inArray } from 'drizzle-orm';
import { listings } from '~db/schema';
import type { Action, Sim } from '../sim';

const sizes = [40, 60, 120, 250, 400, 900] as const;
const discounts = [3_000, 3_750, 4_000, 5_000, 5_500, 6_025, 6_500, 7_000, 2_500] as const;
const lives = [5, 6, 9, 14, 30, 45, 90] as const;

function someTerms({ dice, world }: Sim) {
  const midnight = new Date(`${addDays(world.now, dice.pick(lives)).toISOString().slice(0, 10)}T00:00:00.000Z`);
  return {
    faceNano: usdNano(dice.pick(sizes) + 20),
    discountBps: dice.pick(discounts),
    minNano: usdNano(dice.pick([5, 10, 20])),
    creditExpiresAt: midnight,
  };
}

const list: Action = {
  name: 'list credit',
  weight: 8,
  calls: 'replicate',
  run: async (sim) => {
    const seller = sim.dice.pick(sim.people.sellers);
    const terms = someTerms(sim);
    const username = `account-${sim.lots.length + 1}-${sim.newForm()}`;
    // Some sellers declare more credit than they have.
    const creditUsd = sim.dice.chance(0.15) ? '2.00' : String(Number(terms.faceNano / 1_000_000_000n));
    const { token } = sim.world.replicate.control.createAccount({ username, creditUsd });
    const listing = await submitListing(sim.as(seller), { terms, token });
    const lot = { name: `lot ${sim.lots.length + 1}`, listingId: listing.id, seller, username };
    sim.lots.push(lot);
    return `${seller.name} lists ${formatNano(terms.faceNano)} at ${formatPercent(terms.discountBps)} off as ${lot.name}`;
  },
};

const resubmit: Action = {
  name: 'answer the review',
  weight: 16,
  calls: 'replicate',
  run: async (sim) => {
    const asked = inArray(listings.state, ['needs_info', 'rejected']);
    const rows = await sim.world.observer().db.select({ id: listings.id, state: listings.state }).from(listings).where(asked);
    const lot = sim.some(sim.dice.chance(0.02) ? sim.lots : sim.lots.filter(({ listingId }) => rows.some(({ id }) => id === listingId)));
    const [ctx, { listingId }] = [sim.as(lot.seller), lot];
    if (rows.some(({ id, state }) => id === listingId && state === 'needs_info'))
      await answerReview(ctx, { listingId, answer: 'Bought last month.' });
    else await resubmitRejected(ctx, { listingId, terms: someTerms(sim) });
    return `${lot.seller.name} answers for ${lot.name}`;
  },
};

/** Mostly raises a lot on sale; sometimes the credit is missing, or a raise is already waiting. */
const raise: Action = {
  name: 'raise the face value',
  weight: 4,
  calls: 'replicate',
  run: async (sim) => {
    const selling = inArray(listings.state, ['active', 'paused']);
    const rows = await sim.world.observer().db.select({ id: listings.id, faceNano: listings.faceNano }).from(listings).where(selling);
    const lot = sim.some(sim.dice.chance(0.05) ? sim.lots : sim.lots.filter(({ listingId }) => rows.some(({ id }) => id === listingId)));
    const addedNano = usdNano(sim.dice.pick([10, 50, 200]));
    const toNano = (rows.find(({ id }) => id === lot.listingId)?.faceNano ?? usdNano(100)) + addedNano;
    const ctx = sim.as(lot.seller);
    if (sim.dice.chance(0.15)) {
      await takeBackRaise(ctx, lot.listingId);
      return `${lot.seller.name} takes the raise of ${lot.name} back`;
    }
    await raiseFaceValue(ctx, { listingId: lot.listingId, toNano });
    if (sim.dice.chance(0.8)) sim.world.replicate.control.addCredit(lot.username, { usd: String(Number(addedNano / 1_000_000_000n)) });
    return `${lot.seller.name} asks to raise ${lot.name} to ${formatNano(toNano)}`;
  },
};

const price: Action = {
  name: 'change the price',
  weight: 2,
  run: async (sim) => {
    const lot = sim.some(sim.lots);
    const discountBps = sim.dice.pick(discounts);
    await changePrice(sim.as(lot.seller), { listingId: lot.listingId, discountBps });
    return `${lot.seller.name} sets ${lot.name} to ${formatPercent(discountBps)} off`;
  },
};

const pause: Action = {
  name: 'pause or resume a lot',
  weight: 2,
  run: async (sim) => {
    const lot = sim.some(sim.lots);
    const resumes = sim.dice.chance(0.6);
    await (resumes ? resumeListing : pauseListing)(sim.as(lot.seller), lot.listingId);
    return `${lot.seller.name} ${resumes ? 'resumes' : 'pauses'} ${lot.name}`;
  },
};

const withdraw: Action = {
  name: 'withdraw a lot',
  weight: 1,
  run: async (sim) => {
    const lot = sim.some(sim.lots);
    await withdrawListing(sim.as(lot.seller), lot.listingId);
    return `${lot.seller.name} withdraws what is left of ${lot.name}`;
  },
};

const replaceToken: Action = {
  name: 'replace the token',
  weight: 3,
  calls: 'replicate',
  run: async (sim) => {
    const lot = sim.some(sim.lots);
    // Sometimes the token of another account.
    const { username } = sim.dice.chance(0.8) ? lot : sim.some(sim.lots);
    const { token } = sim.world.replicate.control.issueToken(username);
    await replaceListingToken(sim.as(lot.seller), { listingId: lot.listingId, token });
    return `${lot.seller.name} replaces the token of ${lot.name}`;
  },
};

/** A lot is frozen because its credit looks low. The seller says that it has credit, and a small run checks it. */
const checkCredit: Action = {
  name: 'check the credit again',
  weight: 3,
  calls: 'replicate',
  run: async (sim) => {
    const published = await sim.world
      .observer()
      .db.select({ id: listings.id, doubtedAt: listings.creditDoubtedAt })
      .from(listings)
      .where(inArray(listings.state, ['active', 'paused']));
    const doubted = published.filter(({ doubtedAt }) => doubtedAt !== null);
    const wanted = new Set((doubted.length > 0 ? doubted : published).map(({ id }) => id));
    const lot = sim.some(sim.lots.filter(({ listingId }) => wanted.has(listingId)));
    if (doubted.length === 0) await reportLowCredit(sim.world.system(), lot.listingId);
    if (sim.dice.chance(0.5)) sim.world.replicate.control.addCredit(lot.username, { usd: '100.00' });
    await askForProbe(sim.as(lot.seller), lot.listingId);
    await sim.world.sweep('probe-lots');
    return `${lot.seller.name} has the credit of ${lot.name} checked again`;
  },
};

/** What an account owner does at Replicate without us. */
const behindOurBack: Action = {
  name: 'use the account at Replicate',
  weight: 3,
  run: (sim) => {
    const lot = sim.some(sim.lots);
    const { control } = sim.world.replicate;
    switch (sim.dice.below(4)) {
      case 0:
        control.revokeToken(lot.username);
        return Promise.resolve(`the tokens of ${lot.name} are revoked at Replicate`);
      case 1:
        control.spend(lot.username, { usd: '25.00' });
        return Promise.resolve(`the owner of ${lot.name} spends $25 of it`);
      case 2:
        control.addCredit(lot.username, {
          usd: control.account(lot.username).creditUsd.startsWith('-') ? '1' : `-${control.account(lot.username).creditUsd}`,
        });
        return Promise.resolve(`the credit of ${lot.name} is gone`);
      default:
        control.addCredit(lot.username, { usd: '500.00' });
        return Promise.resolve(`the account of ${lot.name} is topped up`);
    }
  },
};

export const selling = [list, resubmit, raise, price, pause, withdraw, replaceToken, checkCredit, behindOurBack];
