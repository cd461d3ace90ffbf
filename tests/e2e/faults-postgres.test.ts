import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkouts, grants, listings, runs, transactions } from '~db/schema';
import { migrateDatabase } from '~db/migrations.server';
import { toAppUrl } from '~tests/setup/clone';
import { ensureAccessKey } from '~/modules/metering/index.server';
import { readEnv } from '~/platform/env';
import { HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { parseUsdToNano, usdNano } from '~/platform/money';
import { createServices, type Services } from '~/services.server';
import { reconcileRuns } from '~/workflows/burning/reconcile-runs.server';
import { freeOrphanedReservations, sweepCheckouts } from '~/workflows/paying/sweep-checkouts.server';
import { expectInvariants } from '~tests/setup/invariants';
import { startStack, type Stack } from '~tests/setup/stack';
import { startPostgres, type EmbeddedPostgres } from '../../scripts/postgres.mjs';
import { aLotOnSale, aShopper, payAtStripe, pressBuy, runOnce } from './shoppers';

/** This test's own PostgreSQL with fsync on; it stops as in a power cut. */
let postgres: EmbeddedPostgres;
let folder: string;
let stack: Stack;
let services: Services;
let offsetMs = 0;
const options = () => ({ folder: join(folder, 'data'), password: 'faults', durable: true, port: postgres.port });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credit-mart-faults-'));
  await chmod(folder, 0o755);
  postgres = await startPostgres({ folder: join(folder, 'data'), password: 'faults', durable: true });
  const appUrl = toAppUrl(postgres.url());
  await migrateDatabase(postgres.url(), { appUrl });
  stack = await startStack({}, { databaseUrl: appUrl });
  services = await createServices(readEnv(stack.env), { clock: { now: () => new Date(Date.now() + offsetMs) } });
});
afterAll(async () => {
  await services.close();
  await stack.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const system = () => services.ctxFor({ kind: 'system', name: 'test' });
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Cuts the database's power during the work and starts it again. */
async function cutPowerDuring<T>(work: Promise<T>, afterMs: number): Promise<T> {
  await pause(afterMs);
  await postgres.cutPower();
  await pause(500);
  postgres = await startPostgres(options());
  return work;
}

/** Waits until every process has reconnected. */
async function untilServing(): Promise<void> {
  await expect.poll(async () => (await fetch(`${stack.baseUrl}/readyz`)).status, { timeout: 20_000 }).toBe(200);
  await expect.poll(() => services.db.$count(listings).catch(() => -1), { timeout: 20_000 }).toBeGreaterThan(0);
}

it('after a database power cut during checkouts each form makes one checkout, and each is delivered once', async () => {
  const listing = await aLotOnSale(stack, services);
  const shoppers = await Promise.all(Array.from({ length: 6 }, () => aShopper(stack, services, 20)));
  const clicks = () => Promise.all(shoppers.map((shopper) => pressBuy(stack, shopper, listing)));
  const cut = await cutPowerDuring(clicks(), 60);
  for (const { status } of cut) expect([302, 303, 503]).toContain(status);
  await untilServing();
  for (const { status } of await clicks()) expect([302, 303]).toContain(status);
  const made = await services.db
    .select()
    .from(checkouts)
    .where(
      inArray(
        checkouts.buyerId,
        shoppers.map(({ userId }) => userId),
      ),
    );
  expect(made).toHaveLength(6);
  for (const { id } of made) await payAtStripe(stack, services, id);
  const states = async () =>
    (await services.db.select().from(transactions).where(eq(transactions.listingId, listing.id))).map(({ state }) => state);
  // The processes get Stripe's webhooks, and their workers handle them.
  await expect.poll(states, { timeout: 40_000 }).toEqual(Array.from({ length: 6 }, () => 'delivered'));
  offsetMs = 5 * MINUTE_MS;
  await sweepCheckouts(system());
  await freeOrphanedReservations(system());
  const [after] = await services.db.select().from(listings).where(eq(listings.id, listing.id));
  expect(after).toMatchObject({ soldNano: usdNano(120), reservedNano: 0n, availableNano: usdNano(380) });
  await expectInvariants({ services });
});

it('after a database power cut during runs the captured costs equal Replicate’s charges, once each', async () => {
  offsetMs = 0;
  const listing = await aLotOnSale(stack, services);
  const shopper = await aShopper(stack, services, 50);
  await pressBuy(stack, shopper, listing);
  const [checkout] = await services.db.select().from(checkouts).where(eq(checkouts.buyerId, shopper.userId));
  if (!checkout) throw new Error('The checkout is there.');
  await payAtStripe(stack, services, checkout.id);
  const grantNow = async () => (await services.db.select().from(grants).where(eq(grants.buyerId, shopper.userId)))[0];
  await expect.poll(grantNow, { timeout: 20_000 }).toBeDefined();
  const { text: key } = await ensureAccessKey(services.ctxFor(shopper.actor));
  const burst = Promise.all(Array.from({ length: 10 }, (_, index) => runOnce(stack.gatewayUrl, key ?? '', `picture ${index}`)));
  const answers = await cutPowerDuring(burst, 60);
  for (const { status } of answers) expect([201, 502, 503]).toContain(status);
  await untilServing();
  expect((await runOnce(stack.gatewayUrl, key ?? '', 'after')).status).toBe(201);
  // Runs that a lost statement left open are looked up at Replicate, or voided when no prediction can exist.
  await pause(1_500);
  offsetMs = 3 * HOUR_MS;
  for (let round = 0; round < 3; round += 1) await reconcileRuns(system());
  const all = await services.db.select().from(runs).where(eq(runs.buyerId, shopper.userId));
  expect(all.map(({ state }) => state).filter((state) => state !== 'captured' && state !== 'voided')).toEqual([]);
  const charged = await chargedAtReplicate();
  for (const run of all) expect(run.capturedNano, run.upstreamId ?? 'no prediction').toBe(charged.get(run.upstreamId ?? '') ?? 0n);
  expect((await grantNow())?.authorizedNano).toBe(0n);
  await expectInvariants({ services });
});

async function chargedAtReplicate(): Promise<Map<string, bigint>> {
  const answer = await fetch(`${stack.replicateUrl}/_sandbox/predictions`);
  const predictions = (await answer.json()) as { id: string; chargedUsd: string }[];
  return new Map(predictions.map(({ id, chargedUsd }) => [id, parseUsdToNano(chargedUsd) ?? 0n]));
}
