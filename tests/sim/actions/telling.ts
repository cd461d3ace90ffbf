import { NothingToDo, Refused } from '../outcome';
import type { Action, Sim } from '../sim';

/** Webhooks of Stripe and Replicate: the dice decide whether they come late, twice, out of order or never. */
function untold(sim: Sim): string[] {
  return sim.world.stripe.control
    .deliveries()
    .filter(({ status }) => status === 'pending')
    .map(({ eventId }) => eventId);
}

async function tell(sim: Sim, eventIds: readonly string[]): Promise<string> {
  for (const eventId of eventIds) {
    const deliveries = await sim.world.stripe.control.redeliver(eventId);
    if (deliveries.some(({ status }) => status !== 'delivered')) throw new Refused(`${eventId} was not taken`);
  }
  return `Stripe tells of ${eventIds.length} events`;
}

const inOrder: Action = {
  name: "Stripe's webhooks come",
  weight: 5,
  run: (sim) => {
    const events = untold(sim);
    if (events.length === 0) throw new NothingToDo();
    return tell(sim, events.slice(0, 1 + sim.dice.below(6)));
  },
};

const reversed: Action = {
  name: "Stripe's webhooks come the other way round",
  weight: 3,
  run: (sim) => {
    const events = untold(sim).reverse();
    if (events.length < 2) throw new NothingToDo();
    return tell(sim, events);
  },
};

const twice: Action = {
  name: "Stripe's webhook comes again",
  weight: 3,
  run: (sim) => {
    const told = sim.world.stripe.control.deliveries().filter(({ status }) => status === 'delivered');
    const { eventId } = sim.some(told);
    return tell(sim, [eventId, eventId]);
  },
};

const lost: Action = {
  name: "Stripe's webhooks are lost",
  weight: 2,
  run: (sim) => {
    const discarded = sim.world.stripe.control.discardDeliveries();
    if (discarded === 0) throw new NothingToDo();
    return Promise.resolve(`${discarded} webhooks of Stripe are lost`);
  },
};

/** Finished predictions with a run in their webhook URL. The dice decide when each webhook comes; some never do. */
function ended(sim: Sim) {
  const all = sim.world.replicate.control.predictions();
  return all.flatMap(({ id, webhook, completedAt }) => (webhook !== null && completedAt !== null ? [{ id, webhook }] : []));
}

async function hook(sim: Sim, hooks: readonly { id: string; webhook: string }[], atOnce: boolean): Promise<string> {
  const post = async ({ id, webhook }: { id: string; webhook: string }) => {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const answer = await fetch(webhook, { method: 'POST', headers, body: JSON.stringify({ id, status: 'succeeded' }) });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`the webhook of a run was answered ${answer.status} ${text}`);
  };
  if (atOnce) await Promise.all(hooks.map(post));
  else for (const each of hooks) await post(each);
  return `Replicate tells of ${hooks.length} runs${atOnce ? ' at once' : ''}`;
}

const runsEnd: Action = {
  name: "Replicate's webhooks come",
  weight: 6,
  calls: 'replicate',
  run: (sim) => {
    const hooks = ended(sim);
    if (hooks.length === 0) throw new NothingToDo();
    const some = hooks.slice(-1 - sim.dice.below(5));
    return hook(sim, sim.dice.chance(0.5) ? some : some.reverse(), false);
  },
};

const runsEndTwice: Action = {
  name: "Replicate's webhook comes twice at once",
  weight: 5,
  calls: 'replicate',
  run: (sim) => {
    const each = sim.some(ended(sim));
    return hook(sim, [each, each], true);
  },
};

export const telling = [inOrder, reversed, twice, lost, runsEnd, runsEndTwice];
