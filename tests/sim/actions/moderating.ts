import { DomainError } from '~/platform/errors';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import type { ListingState } from '~/modules/listings/listing-machine';
import type { ListingDecision } from '~/modules/listings/review-forms';
import { listings } from '~db/schema';
import { eq, isNotNull } from 'drizzle-orm';
import { formatNano } from '~/platform/money';
import { NothingToDo } from '../outcome';
import type { Action, Lot, Sim } from '../sim';

/** Picks mostly a lot in a state that an admin can decide on. */
async function decide(sim: Sim, decision: ListingDecision, state: ListingState): Promise<string> {
  const lot = sim.some(sim.dice.chance(0.04) ? sim.lots : await lotsIn(sim, state));
  const admin = sim.dice.pick(sim.people.admins);
  await decideListing(sim.as(admin), lot.listingId, decision);
  return `${admin.name}: ${decision.intent} ${lot.name}`;
}

async function lotsIn(sim: Sim, state: ListingState): Promise<Lot[]> {
  const rows = await sim.world.observer().db.select({ id: listings.id }).from(listings).where(eq(listings.state, state));
  const ids = new Set(rows.map(({ id }) => id));
  return sim.lots.filter(({ listingId }) => ids.has(listingId));
}

/** Often reviews the whole queue, since nothing can be bought before approval. */
const approve: Action = {
  name: 'approve a lot',
  weight: 5,
  run: async (sim) => {
    const lots = await lotsIn(sim, 'in_review');
    const admin = sim.dice.pick(sim.people.admins);
    if (lots.length === 0) throw new NothingToDo();
    for (const { listingId } of lots) await decideListing(sim.as(admin), listingId, { intent: 'approve' });
    return `${admin.name} approves ${lots.map(({ name }) => name).join(', ')}`;
  },
};

const judge: Action = {
  name: 'judge a lot',
  weight: 9,
  run: (sim) => {
    const decisions: ListingDecision[] = [
      { intent: 'approve' },
      { intent: 'ask', note: 'Where is this credit from?' },
      { intent: 'reject', reasonCode: 'source_unclear', note: 'It is not clear where it is from.' },
    ];
    return decide(sim, sim.dice.pick(decisions), 'in_review');
  },
};

/** An admin withdraws a question, or rejects without waiting for the answer. */
const settleQuestion: Action = {
  name: 'settle a question',
  weight: 3,
  run: (sim) => {
    const decisions: ListingDecision[] = [{ intent: 'take_back' }, { intent: 'reject', reasonCode: 'other', note: 'No answer is needed.' }];
    return decide(sim, sim.dice.pick(decisions), 'needs_info');
  },
};

const decideRaise: Action = {
  name: 'decide a raise',
  weight: 5,
  run: async (sim) => {
    const rows = await sim.world
      .observer()
      .db.select({ id: listings.id, toNano: listings.raiseToNano })
      .from(listings)
      .where(isNotNull(listings.raiseToNano));
    const { id, toNano } = sim.some(rows);
    const admin = sim.dice.pick(sim.people.admins);
    const raiseTo = toNano ?? 0n;
    const decision: ListingDecision = sim.dice.chance(0.8)
      ? { intent: 'approve_raise', raiseTo }
      : { intent: 'reject_raise', raiseTo, reasonCode: 'balance_doubtful', note: 'Is it there?' };
    await decideListing(sim.as(admin), id, decision);
    return `${admin.name}: ${decision.intent} to ${formatNano(raiseTo)}`;
  },
};

const suspend: Action = {
  name: 'suspend a lot',
  weight: 2,
  run: (sim) => decide(sim, { intent: 'suspend', note: 'It looks wrong.' }, 'active'),
};

const reinstate: Action = {
  name: 'reinstate a lot',
  weight: 9,
  run: (sim) => decide(sim, { intent: 'reinstate' }, 'suspended'),
};

/** Two admins decide on one lot: one succeeds, the other gets the conflict. */
const twoAdmins: Action = {
  name: 'two decide at once',
  weight: 5,
  run: async (sim) => {
    const lot = sim.some(await lotsIn(sim, 'in_review'));
    const [first, second] = [sim.as(sim.dice.pick(sim.people.admins)), sim.as(sim.dice.pick(sim.people.admins))];
    const results = await Promise.allSettled([
      decideListing(first, lot.listingId, { intent: 'approve' }),
      decideListing(second, lot.listingId, { intent: 'reject', reasonCode: 'other', note: 'No.' }),
    ]);
    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    for (const error of lost) if (!(error instanceof DomainError)) throw error;
    if (lost.length === 2) throw lost[0];
    return `two decide on ${lot.name} at once`;
  },
};

export const moderating = [approve, judge, decideRaise, settleQuestion, suspend, reinstate, twoAdmins];
