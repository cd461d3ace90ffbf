import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { checkInvariantsSweep } from '~/jobs/check-invariants';
import { atomic, type Ctx } from '~/platform/context';
import { usdNano } from '~/platform/money';
import { checkInvariants } from '~/invariants/check-invariants.server';
import { operationsFigures } from '~/queries/admin/operations-figures.server';
import { takeRefundNow } from '~/workflows/failing/take-refund-now.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { aListing, anAdmin, aPerson } from '~tests/factories/market';
import { aCheckout, aPurchase, aRun } from '~tests/factories/transactions';
import { testMarket } from '~tests/setup/market';

const market = testMarket();

class Undo extends Error {}

/** Changes something, checks the rules, and rolls back. */
async function tryOut<T>(look: (tx: Ctx) => Promise<T>): Promise<T | undefined> {
  let seen: T | undefined;
  await atomic(market.system(), async (tx) => {
    seen = await look(tx);
    throw new Undo();
  }).catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
  return seen;
}

/** A market with one open thing of each kind: a run, a refund, a Stripe page, a purchase, a key. */
beforeAll(async () => {
  const admin = await anAdmin(market);
  const { listing } = await aListing(market, { admin, onSale: 500 });
  const { listing: failing } = await aListing(market, { admin, onSale: 500 });
  const [buyer, refunded] = [await aPerson(market), await aPerson(market)];
  await aPurchase(market, buyer, listing, 100);
  await aRun(buyer, usdNano(10));
  await aCheckout(market, buyer, listing, 40);
  const { transactionId } = await aPurchase(market, refunded, failing, 100);
  await reportLotFailure(market.system(), { listingId: failing.id, reason: 'token_refused', detail: 'Planted.' });
  await takeRefundNow(refunded.ctx(), transactionId);
});

const ago = (time: string) => sql`now() - interval '${sql.raw(time)}'`;
const frozen = sql`update transactions set state = 'frozen' where state = 'delivered'`;
const offer = (state: string, checkout: ReturnType<typeof sql>) => sql`
  insert into offers (id, listing_id, seller_id, buyer_id, credit_nano, discount_bps, state, expires_at, checkout_id, created_at)
  select gen_random_uuid(), listing_id, seller_id, buyer_id, credit_nano, discount_bps, ${state}, ${ago('2 hours')}, ${checkout}, now()
  from transactions t where state = 'awaiting_payment'`;

it('the rules find nothing open too long on a busy market', async () => {
  expect(await checkInvariants(market.system())).toEqual([]);
});

it.each([
  ['a run past its deadline', 'no run', [sql`update runs set deadline_at = ${ago('2 hours')} where state = 'authorized'`]],
  [
    'a refund that waits for runs',
    'no refund waits a day',
    [
      sql`update transactions set state = 'frozen', closing_reason = 'planted' where state = 'delivered'`,
      sql`update transactions set created_at = ${ago('2 days')} where closing_reason is not null`,
    ],
  ],
  ['a refund that was not made', 'no refund stays', [sql`update refunds set created_at = ${ago('2 days')}`]],
  [
    'a refund that a bank sent back',
    'no refund stays',
    [sql`update refunds set state = 'failed', created_at = ${ago('8 days')} where state = 'requested'`],
  ],
  [
    'a reservation of no checkout',
    'a reservation has its reason',
    [sql`update reservations set checkout_id = gen_random_uuid(), created_at = ${ago('10 minutes')} where state = 'live'`],
  ],
  [
    'a reservation of an open checkout without a page at Stripe',
    'a reservation has its reason',
    [
      sql`update reservations set created_at = ${ago('10 minutes')} where state = 'live'`,
      sql`update checkouts set stripe_session_id = null where state = 'open'`,
    ],
  ],
  [
    'a reservation for which Stripe never answered',
    'a reservation has its reason',
    [
      sql`update reservations set created_at = ${ago('2 hours')} where state = 'live'`,
      sql`update checkouts set state = 'starting', created_at = ${ago('2 hours')} where state = 'open'`,
    ],
  ],
  ['an accepted offer whose credit went back', 'an accepted offer', [offer('accepted', sql`gen_random_uuid()`)]],
  ['a checkout past its time', 'no checkout', [sql`update checkouts set expires_at = ${ago('7 hours')} where state = 'open'`]],
  ['an offer past its time', 'no offer', [offer('open', sql`null`)]],
  [
    'a purchase frozen past the time to mend',
    'no purchase is frozen',
    [frozen, sql`update listings set mend_until_at = ${ago('2 hours')} where state = 'active'`],
  ],
  [
    'a grant frozen past the time to mend',
    'no grant is frozen',
    [
      sql`update grants set state = 'frozen' where state = 'open'`,
      sql`update listings set mend_until_at = ${ago('2 hours')} where state = 'active'`,
    ],
  ],
  [
    'a purchase past its settlement day',
    'no purchase is held',
    [sql`update transactions set settlement_at = ${ago('2 days')} where state = 'delivered'`],
  ],
  [
    'an event without a done job',
    'no event',
    [sql`insert into stripe_events (id, type, object_id, received_at) values ('evt_planted', 'refund.updated', 're_1', ${ago('2 hours')})`],
  ],
  ['a call without an outcome', 'no call', [sql`update stripe_calls set created_at = ${ago('2 days')} where operation = 'refund.create'`]],
  ['a mail that nobody tried to send', 'every mail', [sql`update mail_outbox set created_at = ${ago('2 days')}, failure = null`]],
  ['the text of a key', 'no text of an access key', [sql`update access_keys set visible_until_at = ${ago('2 hours')}`]],
])('the rules find %s', async (_what, rule, plants) => {
  const broken = await tryOut(async (tx) => {
    for (const plant of plants) await tx.db.execute(plant);
    return checkInvariants(tx);
  });
  const found = broken?.find((each) => each.rule.startsWith(`17 ${rule}`));
  expect(found?.subjects.length, JSON.stringify(broken)).toBeGreaterThan(0);
});

it('the rules ignore what waits for a good reason: an accepted offer before Stripe was asked, a mail that a server refused', async () => {
  const broken = await tryOut(async (tx) => {
    await tx.db.execute(offer('accepted', sql`t.checkout_id`));
    await tx.db.execute(sql`update checkouts set state = 'starting', created_at = ${ago('20 hours')}, stripe_session_id = null,
      offer_id = (select id from offers limit 1) where state = 'open'`);
    await tx.db.execute(sql`update reservations set created_at = ${ago('20 hours')} where state = 'live'`);
    await tx.db.execute(sql`update mail_outbox set created_at = ${ago('2 days')}, failure = 'no such mailbox'`);
    return checkInvariants(tx);
  });
  expect(broken).toEqual([]);
});

it('the results appear in the metrics, for the alert', async () => {
  const told = await tryOut(async (tx) => {
    await tx.db.execute(sql`update runs set deadline_at = ${ago('2 hours')} where state = 'authorized'`);
    await checkInvariantsSweep.run(tx);
    return operationsFigures(tx);
  });
  const name = '17 no run is open an hour past its deadline';
  expect(told?.find((figure) => figure.name === 'invariant_broken' && figure.label === name)?.value).toBe(1);
});
