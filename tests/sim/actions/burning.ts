import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, gt, sql } from 'drizzle-orm';
import { grants } from '~db/schema';
import { editAccessKey, mintAccessKey, revokeAccessKey } from '~/modules/metering/index.server';
import { atomic } from '~/platform/context';
import { MINUTE_MS } from '~/platform/dates';
import { Crashed, NothingToDo, Refused } from '../outcome';
import type { Buyer } from '../people';
import type { Action, Sim } from '../sim';

/** The models of a run, from $0.003 to $3 a prediction. */
const models = [
  { model: 'black-forest-labs/flux-schnell', input: { prompt: 'a harbour', num_outputs: 2 } },
  { model: 'black-forest-labs/flux-1.1-pro', input: { prompt: 'a harbour' } },
  { model: 'google/veo-3', input: { prompt: 'a harbour', duration: 8 } },
  { model: 'google/veo-3', input: { prompt: 'a harbour', duration: 4, generate_audio: false } },
  { model: 'stability-ai/sdxl', input: { prompt: 'a harbour' } },
  { model: 'meta/meta-llama-3.1-405b-instruct', input: { prompt: 'Say why.', max_tokens: 256 } },
] as const;

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** A call from the buyer's program, over HTTP. */
async function call(sim: Sim, buyer: Buyer, method: 'GET' | 'POST', path: string, body?: unknown, headers = {}): Promise<Answer> {
  const request = fetch(`${sim.world.origin}/gateway/replicate/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${buyer.key}`,
      connection: 'close',
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer = await request.catch((error: unknown) => {
    throw sim.world.process.isDead() ? new Crashed('the process was killed') : error;
  });
  const text = await answer.text();
  if (answer.status >= 500 && answer.status !== 502 && answer.status !== 503)
    throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return { status: answer.status, body: JSON.parse(text) as Record<string, unknown> };
}

function refuse({ status, body }: Answer): never {
  throw new Refused(`${status} ${String(body['title'] ?? body['detail'])}`);
}

async function someBurner(sim: Sim): Promise<Buyer> {
  const open = await sim.world
    .observer()
    .db.select({ buyerId: grants.buyerId })
    .from(grants)
    .where(and(eq(grants.state, 'open'), gt(grants.availableNano, 0n)));
  const able = sim.people.buyers.filter(({ actor }) => open.some(({ buyerId }) => buyerId === actor.userId));
  if (sim.dice.chance(0.05)) return sim.dice.pick(sim.people.buyers);
  if (able.length === 0) throw new NothingToDo();
  return sim.dice.pick(able);
}

async function create(sim: Sim, buyer: Buyer, headers: Record<string, string> = {}, wanted?: (typeof models)[number]): Promise<string> {
  const { model, input } = wanted ?? sim.dice.pick(models);
  const answer = await call(sim, buyer, 'POST', `/models/${model}/predictions`, { input }, headers);
  if (answer.status !== 201) refuse(answer);
  return `${model.split('/')[1] ?? model}: ${sim.addRun({ predictionId: String(answer.body['id']), buyer }).name}`;
}

const run: Action = {
  name: 'run a model',
  weight: 24,
  calls: 'replicate',
  mayDieAt: ['gateway.authorized', 'gateway.created'],
  run: async (sim) => {
    const buyer = await someBurner(sim);
    return `${buyer.name} runs ${await create(sim, buyer)}`;
  },
};

/** Sends all creates at once against one wallet. */
const burst: Action = {
  name: 'run several at once',
  weight: 6,
  calls: 'replicate',
  run: async (sim) => {
    const buyer = await someBurner(sim);
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => create(sim, buyer)));
    const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    for (const result of results) if (result.status === 'rejected' && !(result.reason instanceof Refused)) throw result.reason;
    if (made.length === 0) throw new Refused(`none of four runs of ${buyer.name} was taken`);
    return `${buyer.name} runs at once ${made.join(', ')}`;
  },
};

/** A client that retries: one Idempotency-Key makes one run. */
const repeated: Action = {
  name: 'repeat a create',
  weight: 2,
  calls: 'replicate',
  run: async (sim) => {
    const buyer = await someBurner(sim);
    const path = '/models/black-forest-labs/flux-schnell/predictions';
    const key = sim.newForm();
    const send = () => call(sim, buyer, 'POST', path, { input: { prompt: 'the same' } }, { 'idempotency-key': key });
    const answers = [await send(), ...(await Promise.all([send(), send()]))];
    const made = answers.filter(({ status }) => status === 201);
    const ids = new Set(made.map(({ body }) => String(body['id'])));
    if (ids.size > 1) throw new Error(`one Idempotency-Key made ${ids.size} runs`);
    const [predictionId] = ids;
    if (!predictionId) refuse(answers[0] ?? { status: 0, body: {} });
    return `${buyer.name} sends one create three times: ${sim.addRun({ predictionId, buyer }).name}`;
  },
};

/** Replicate accepts a create, but its answer is lost. The reconciler finds the prediction in Replicate's list. */
const lost: Action = {
  name: 'look for a lost run',
  weight: 4,
  calls: 'replicate',
  run: async (sim) => {
    const buyer = await someBurner(sim);
    sim.world.replicate.control.addBehaviour({ kind: 'accept_then_reset' });
    const answer = await call(sim, buyer, 'POST', '/models/black-forest-labs/flux-schnell/predictions', { input: { prompt: 'lost' } });
    if (answer.status !== 502) refuse(answer);
    sim.world.moveClock(2 * MINUTE_MS);
    await sim.world.sweep('reconcile-runs');
    return `${buyer.name} is not answered for a run, and it is looked for`;
  },
};

const poll: Action = {
  name: 'look at a run',
  weight: 12,
  calls: 'replicate',
  run: async (sim) => {
    const { buyer, predictionId, name } = sim.some(sim.runs);
    const answer = await call(sim, buyer, 'GET', `/predictions/${predictionId}`);
    if (answer.status !== 200) refuse(answer);
    return `${buyer.name} looks at ${name}: ${String(answer.body['status'])}`;
  },
};

const stop: Action = {
  name: 'cancel a run',
  weight: 6,
  calls: 'replicate',
  run: async (sim) => {
    const { buyer, predictionId, name } = sim.some(sim.runs);
    const answer = await call(sim, buyer, 'POST', `/predictions/${predictionId}/cancel`);
    if (answer.status !== 200) refuse(answer);
    return `${buyer.name} cancels ${name}: ${String(answer.body['status'])}`;
  },
};

/** A person cannot see what belongs to others. */
const pry: Action = {
  name: 'look at the run of another',
  weight: 2,
  run: async (sim) => {
    const { predictionId, buyer, name } = sim.some(sim.runs);
    const other = sim.people.buyers.find((candidate) => candidate !== buyer);
    if (!other) throw new NothingToDo();
    const { status } = await call(sim, other, 'GET', `/predictions/${predictionId}`);
    // A revoked key is refused before its body is read.
    if (status !== 404 && status !== 401) throw new Error(`${other.name} was answered ${status} for ${name} of ${buyer.name}`);
    return `${other.name} looks for ${name} of ${buyer.name}: not there`;
  },
};

const keys: Action = {
  name: 'change a key',
  weight: 1,
  run: async (sim) => {
    const buyer = sim.dice.pick(sim.people.buyers);
    if (sim.dice.chance(0.5)) {
      const cap = sim.dice.pick(['0.50', '20.00', '']);
      await editAccessKey(sim.as(buyer), { keyId: buyer.keyId, name: 'capped', cap });
      return `${buyer.name} sets the cap of a key to ${cap || 'nothing'}`;
    }
    const fresh = await mintAccessKey(sim.as(buyer), { name: 'another' });
    await revokeAccessKey(sim.as(buyer), buyer.keyId);
    Object.assign(buyer, { key: fresh.text ?? '', keyId: fresh.id });
    return `${buyer.name} takes another key and revokes the old one`;
  },
};

/** Locks the uncounted burns, as a slow commit does, while a run settles and burns are counted. Both wait, then continue. */
const countMeanwhile: Action = {
  name: 'count burns while a run settles',
  weight: 4,
  run: async (sim) => {
    const buyer = await someBurner(sim);
    const [first, second] = [await settledLater(sim, buyer, 'reconcile-runs'), await settledLater(sim, buyer)];
    await atomic(sim.world.observer(), async (tx) => {
      await tx.db.execute(
        sql`select 1 from daily_burns where burned_nano <> counted_nano order by buyer_id, day, listing_id, model for update`,
      );
      const settling = sim.world.sweep('reconcile-runs');
      await sleep(QUEUED_MS);
      const counting = sim.world.sweep('count-burns');
      await sleep(QUEUED_MS);
      return { settling, counting };
    }).then(({ settling, counting }) => Promise.all([settling, counting]));
    return `${buyer.name} runs ${first} and ${second}, and burns are counted while the second settles`;
  },
};

/** Waits in real time until a statement is blocked by a lock. */
const QUEUED_MS = 40;

/** A run that has ended at Replicate; settled if a sweep is given. */
async function settledLater(sim: Sim, buyer: Buyer, sweep?: string): Promise<string> {
  const name = await create(sim, buyer, {}, models[0]);
  sim.world.moveClock(MINUTE_MS);
  if (sweep) await sim.world.sweep(sweep);
  return name;
}

export const burning = [run, burst, repeated, lost, poll, stop, pry, keys, countMeanwhile];
