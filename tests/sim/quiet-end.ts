import { sql } from 'drizzle-orm';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { comeBack, sweepAll } from './actions/keeping';
import { check, checkThoroughly } from './checks';
import { Defect } from './outcome';
import type { Sim } from './sim';
import { agreeWithReplicate, agreeWithStripe } from './sums';
import { clearTrouble } from './trouble';

/**
 * The end of a run: failures stop, the remaining webhooks arrive, jobs and sweeps get all the time they need.
 * Checks that nothing stays open: first what must end within hours, then everything after the settlement days.
 */
export async function endQuietly(sim: Sim): Promise<void> {
  comeBack(sim);
  clearTrouble(sim);
  for (const { eventId, status } of sim.world.stripe.control.deliveries())
    if (status === 'pending') await sim.world.stripe.control.redeliver(eventId);
  await settle(sim, 3 * MINUTE_MS);
  await settle(sim, 26 * HOUR_MS);
  await settle(sim, 10 * MINUTE_MS);
  await nothingIsLeft(sim, 'a day later', soon);
  await settle(sim, 100 * DAY_MS);
  await nothingIsLeft(sim, 'after the settlement days', late);
  await agreeWithStripe(sim);
  await agreeWithReplicate(sim);
  await checkThoroughly(sim);
}

/** Moves the clock, then runs all jobs and all sweeps. */
async function settle(sim: Sim, ms: number): Promise<void> {
  sim.world.moveClock(ms);
  await workAll(sim);
  await sweepAll(sim);
  await workAll(sim);
  await check(sim);
}

async function workAll(sim: Sim): Promise<void> {
  for (const job of await sim.world.waitingJobs()) await sim.world.workOff(job);
}

type Rest = readonly [what: string, rows: ReturnType<typeof sql>];

const soon: Rest[] = [
  ['a reservation is live', sql`select id::text from reservations where state = 'live'`],
  ['a checkout is open', sql`select id::text from checkouts where state in ('starting', 'open')`],
  ['a run is open', sql`select id::text from runs where state in ('authorized', 'unknown')`],
  ['a refund was not made', sql`select id::text from refunds where state not in ('succeeded', 'withdrawn')`],
  ['a purchase is frozen', sql`select id::text from transactions where state = 'frozen'`],
  ['an event was not acted on', sql`select id from stripe_events where processed_at is null`],
  ['a job waits', sql`select id::text from graphile_worker._private_jobs`],
  ['an offer has run out and is open', sql`select id::text from offers where state = 'accepted'`],
];

const late: Rest[] = [
  ...soon,
  ['a purchase has not ended', sql`select id::text from transactions where state not in ('expired', 'canceled', 'completed', 'refunded')`],
  ['money is held', sql`select owner_id as id from ledger_accounts where kind = 'held' and balance_cents <> 0`],
  ['a grant is open', sql`select id::text from grants where state in ('open', 'frozen') or authorized_nano <> 0`],
  [
    'cents of a payment went nowhere',
    sql`select id::text from transactions where state in ('completed', 'refunded')
      and price_cents + lost_cents <> refunded_cents + released_seller_cents + released_fee_cents`,
  ],
];

async function nothingIsLeft(sim: Sim, when: string, rests: Rest[]): Promise<void> {
  for (const [what, rows] of rests) {
    const found = await sim.world.system().db.execute<{ id: string }>(rows);
    if (found.length > 0) throw new Defect(`${when}, ${what}: ${found.map(({ id }) => id).join(', ')}`);
  }
}
