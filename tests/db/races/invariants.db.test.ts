import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { returnSold, type Listing } from '~/modules/listings/index.server';
import { atomic, type Ctx } from '~/platform/context';
import { idToUuid } from '~/platform/ids';
import { NANO_PER_CENT, usdNano } from '~/platform/money';
import { checkInvariants } from '~/invariants/check-invariants.server';
import { aListing, listingNow, pay, startPurchase } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
let lot: Listing;

class Undo extends Error {}

/** Breaks something, checks the rules, and rolls back. */
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

beforeAll(async () => {
  const { listing } = await aListing(market, { onSale: 100 });
  await pay(market, (await startPurchase(market, listing, { amount: 20 })).checkoutId);
  await startPurchase(market, listing, { amount: 30 });
  lot = await listingNow(market, listing.id);
});

const held = sql`(select id from ledger_accounts where kind = 'held' limit 1)`;

it.each([
  ['money that left no trace', '1 a balance', sql`update ledger_accounts set balance_cents = balance_cents + 1 where id = ${held}`],
  ['an entry that says nothing', '1 an entry', sql`insert into ledger_entries values (gen_random_uuid(), 'x', 'x:1', now())`],
  [
    'a reservation nobody counted',
    '2 what a listing reserved',
    sql`update reservations set credit_nano = credit_nano + 1 where state = 'live'`,
  ],
  [
    'a sale nobody counted',
    '2 what a listing sold',
    sql`update listings set sold_nano = sold_nano + 1, available_nano = available_nano - 1`,
  ],
  [
    'credit that was not paid for',
    '2 what was paid for',
    sql`update grants set credit_nano = credit_nano + 1, available_nano = available_nano + 1`,
  ],
  ['a final listing that still sells', '2 a listing that has ended', sql`update listings set state = 'withdrawn'`],
  ['a payment of another sum', '3 what a checkout asks for', sql`update payments set amount_cents = amount_cents - 1`],
  [
    'a refund that is only claimed',
    '3 what a purchase refunded',
    sql`update transactions set refunded_cents = 1 where state = 'delivered'`,
  ],
  ['held money that went nowhere', '3 paid + lost =', sql`update ledger_accounts set balance_cents = balance_cents - 1 where id = ${held}`],
  [
    'a loss that no purchase names',
    '3 what the platform lost',
    sql`update transactions set refunded_cents = 1, lost_cents = 1 where state = 'delivered'`,
  ],
  [
    'credit that can be burned although it was paid back',
    '5 nobody can burn',
    sql`update transactions set refunded_cents = price_cents where state = 'delivered'`,
  ],
  ['a burn without a run', '5 what a grant', sql`update grants set captured_nano = captured_nano + 1, available_nano = available_nano - 1`],
  [
    'a completed purchase that still holds money',
    '6 what has ended',
    sql`update transactions set state = 'completed' where state = 'delivered'`,
  ],
  ['a refund of less than is due', '6 what has ended', sql`update transactions set state = 'refunded' where state = 'delivered'`],
  ['a purchase frozen for ever', '10 what is frozen', sql`update transactions set state = 'frozen' where state = 'delivered'`],
  [
    'a refunded purchase that can be burned',
    '10 what has ended',
    sql`update transactions set state = 'refunded' where state = 'delivered'`,
  ],
  ['a paid checkout without a payment', '8 a checkout', sql`update checkouts set state = 'paid' where state = 'open'`],
  [
    'a transaction behind its checkout',
    '10 a transaction stands',
    sql`update transactions set state = 'awaiting_payment' where state = 'delivered'`,
  ],
  ['a lot on sale without a token', '10 what is on sale', sql`update secrets set ciphertext = null`],
  [
    'an open checkout whose credit was given away',
    '13 a reservation ends',
    sql`update reservations set state = 'given_back' where state = 'live'`,
  ],
  ['a grant past its window', '14 no grant', sql`update grants set ends_at = now() - interval '2 hours'`],
  ['a token in clear', '15 no token', sql`update listings set state_reason = ${`r8_${'a'.repeat(37)}`}`],
])('the invariants find %s', async (_what, rule, breakIt) => {
  const broken = await tryOut(async (tx) => {
    await tx.db.execute(breakIt);
    return checkInvariants(tx);
  });
  expect(broken?.some((each) => each.rule.startsWith(rule))).toBe(true);
  await expectInvariants(market);
});

it('credit returned to a lot is sold again in whole cents; the fraction of a cent that a run left is withdrawn', async () => {
  const after = await tryOut(async (tx) => {
    await returnSold(tx, lot.id, usdNano(20) - 400_000n);
    const [row] = await tx.db.execute<{ available: string; withdrawn: string; sold: string }>(
      sql`select available_nano as available, withdrawn_nano as withdrawn, sold_nano as sold from listings where id = ${idToUuid(lot.id)}::uuid`,
    );
    return row;
  });
  expect(after).toEqual({
    available: String(lot.availableNano + usdNano(19.99)),
    withdrawn: String(NANO_PER_CENT - 400_000n),
    sold: '400000',
  });
  await expectInvariants(market);
});
