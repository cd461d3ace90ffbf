import { createHash, randomBytes } from 'node:crypto';
import { and, asc, eq, gte } from 'drizzle-orm';
import { grants } from '~db/schema';
import { authorizeRun, ensureAccessKey, findRun, recordUpstream } from '~/modules/metering/index.server';
import { computeCost } from '~/modules/pricing/costs';
import { findPrice, type DatedPrice } from '~/modules/pricing/index.server';
import { addMs, HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { invariant } from '~/platform/errors';
import type { UserId } from '~/platform/ids';
import { settleRun } from '~/workflows/burning/settle-run.server';
import { usualRuns } from './market-plan';
import type { Person } from './people';
import { as, asTheSystem, type World } from './world';

type UsualRun = (typeof usualRuns)[number];

/** Buyers burn their credit: each makes some runs a day, through the gateway's commands. */
export async function burnADay(world: World, runsPerBuyer: number): Promise<void> {
  world.clock.moveBy(HOUR_MS);
  for (const buyer of [...world.buyers, world.demoBuyer]) {
    const asked = Math.round(runsPerBuyer * (0.5 + world.dice.below(100) / 100));
    if (asked > 0 && (await hasOpenGrant(world, buyer.userId))) await burn(world, buyer, asked);
  }
}

/** One buyer's runs, a few at a time, until the wallet is too empty. */
export async function burn(world: World, buyer: Person, count: number): Promise<void> {
  const key = await ensureAccessKey(as(world, buyer));
  for (let done = 0; done < count; done += 4) {
    const planned = Array.from({ length: Math.min(4, count - done) }, () => weighted(world));
    const results = await Promise.all(planned.map((usual) => oneRun(world, buyer.userId, key.id, usual)));
    if (!results.some(Boolean)) return;
    world.clock.moveBy(MINUTE_MS / 2);
  }
}

function weighted(world: World): UsualRun {
  return world.dice.pick(usualRuns.flatMap((usual) => Array.from({ length: usual.weight }, () => usual)));
}

/** Authorizes a run and settles it as Replicate would a minute later. False if the wallet has too little credit. */
async function oneRun(
  world: World,
  buyerId: UserId,
  accessKeyId: Awaited<ReturnType<typeof ensureAccessKey>>['id'],
  usual: UsualRun,
): Promise<boolean> {
  const ctx = asTheSystem(world);
  const price = await findPrice(ctx, usual.model);
  invariant(price, `the price book has ${usual.model}`);
  const costNano = computeCostNano(price, usual);
  const authorized = await authorizeRun(ctx, {
    buyerId,
    accessKeyId,
    model: usual.model,
    version: findVersion(usual.model),
    priceId: price.id,
    priceFacts: priceFacts(usual),
    maxNano: costNano,
    minNano: costNano,
    bodyHash: createHash('sha256').update(JSON.stringify(usual.input)).digest('hex'),
    idempotencyKey: null,
    exceptGrants: [],
    deadlineAt: addMs(ctx.now, 15 * MINUTE_MS),
    nextCheckAt: addMs(ctx.now, MINUTE_MS),
  });
  if (!authorized.ok) return false;
  const upstreamId = randomBytes(13).toString('hex');
  await recordUpstream(ctx, { buyerId, id: authorized.run.id }, { id: upstreamId, status: 'starting' });
  const run = await findRun(ctx, authorized.run.id);
  invariant(run, 'an authorized run is there');
  const startedAt = ctx.now;
  const completedAt = addMs(startedAt, Math.round(usual.metrics.predict_time * 1_000));
  const failed = world.dice.chance(0.03);
  const status = failed ? 'failed' : 'succeeded';
  await settleRun(ctx, run, {
    id: upstreamId,
    model: usual.model,
    version: findVersion(usual.model),
    status,
    createdAt: startedAt,
    startedAt,
    completedAt,
    metrics: { ...usual.metrics },
    output: null,
    input: null,
    webhook: null,
    body: { id: upstreamId, model: usual.model, status, metrics: usual.metrics, data_removed: true },
  });
  return true;
}

function computeCostNano(price: DatedPrice, usual: UsualRun): bigint {
  const cost = computeCost(price, priceFacts(usual), {
    status: 'succeeded',
    metrics: usual.metrics,
    hasStarted: true,
    seconds: usual.metrics.predict_time,
    outputs: 1,
    readChars: 0,
    writtenChars: 0,
    deliveredNano: 0n,
    authorizedNano: 0n,
  });
  invariant(cost.kind === 'cost', `a run of ${usual.model} has a cost`);
  return cost.nano;
}

function priceFacts(usual: UsualRun) {
  return 'with_audio' in usual.metrics ? { with_audio: usual.metrics.with_audio } : {};
}

function findVersion(model: string): string {
  return createHash('sha256').update(`replicate-sandbox:${model}`).digest('hex');
}

async function hasOpenGrant(world: World, buyerId: UserId): Promise<boolean> {
  const [open] = await world.services.db
    .select({ id: grants.id })
    .from(grants)
    .where(and(eq(grants.buyerId, buyerId), eq(grants.state, 'open'), gte(grants.availableNano, 100_000_000n)))
    .orderBy(asc(grants.endsAt))
    .limit(1);
  return open !== undefined;
}
