import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { listings, policies } from '~db/schema';
import { currentPolicy, publishPolicy } from '~/modules/policy/index.server';
import type { Listing } from '~/modules/listings/index.server';
import { DAY_MS, MINUTE_MS } from '~/platform/dates';
import { endCheckout } from '~/workflows/paying/end-checkout.server';
import { startCheckout } from '~/workflows/paying/start-checkout.server';
import { sweepCheckouts } from '~/workflows/paying/sweep-checkouts.server';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aPurchase, buying } from '~tests/factories/transactions';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { raceMany, getRefusal } from '~tests/setup/race';

const market = testMarket();
let admin: Person;
let listing: Listing;

beforeAll(async () => {
  admin = await anAdmin(market);
  ({ listing } = await aListing(market, { admin, onSale: 30_000, daysLeft: 120 }));
});

/** A person who bought more than a week ago, so that the limits of new buyers no longer apply. */
async function aSeasonedBuyer(): Promise<Person> {
  const buyer = await aPerson(market);
  await aPurchase(market, buyer, listing, 20);
  market.advance(8 * DAY_MS);
  return buyer;
}

const start = (buyer: Person, credit: number, ip?: string) => startCheckout(buyer.ctx(), buying(listing, credit, randomUUID()), ip);
const reserved = async () => {
  const [row] = await market.system().db.select({ reservedNano: listings.reservedNano }).from(listings).where(eq(listings.id, listing.id));
  return row?.reservedNano ?? 0n;
};

describe('unpaid purchases', () => {
  it('are limited in number for each buyer: the next is refused and reserves nothing until one is canceled', async () => {
    const buyer = await aSeasonedBuyer();
    const open = [];
    for (let count = 0; count < 4; count += 1) open.push(await start(buyer, 20));
    const before = await reserved();
    expect(await getRefusal(start(buyer, 20))).toMatchObject({
      code: 'too_much_unpaid',
      status: 422,
      message: 'You have 4 unpaid purchases open, the most at once. Pay or cancel one, then buy again.',
    });
    expect(await reserved()).toBe(before);
    if (open[0]) await endCheckout(buyer.ctx(), open[0].checkoutId, 'canceled');
    await start(buyer, 20);
    await expectInvariants(market);
  });

  it('are limited in sum for each buyer, even from many tabs at once', async () => {
    const buyer = await aSeasonedBuyer();
    expect((await getRefusal(start(buyer, 20_000))).message).toBe(
      'At most $2,500.00 can wait for payment at once. Enter an amount that costs less, pay it, then buy the rest.',
    );
    const { won, lost } = await raceMany(6, () => start(buyer, 2_000));
    expect(won).toHaveLength(2);
    expect(new Set(lost.map(({ code }) => code))).toEqual(new Set(['too_much_unpaid']));
    expect(lost[0]?.message).toContain('take $2,000.00 of it: $500.00 is left');
    await expectInvariants(market);
  });

  it('are limited for each network, over all its buyers', async () => {
    const buyers = [await aSeasonedBuyer(), await aPerson(market), await aPerson(market)];
    const { version: basedOn, rules } = await currentPolicy(market.system());
    await publishPolicy(admin.ctx(), { basedOn, rules: { ...rules, networkMaxUnpaidPurchases: 2 }, note: 'A test.' });
    const { won, lost } = await raceMany(3, (index) => start(buyers[index] ?? admin, 20, '192.0.2.50'));
    expect([won.length, lost.map(({ code }) => code)]).toEqual([2, ['too_much_unpaid']]);
    await start(buyers[0] ?? admin, 20, '192.0.2.51');
    await publishPolicy(admin.ctx(), { basedOn: basedOn + 1, rules, note: 'A test is over.' });
    await expectInvariants(market);
  });

  it('that expire three times make their buyer wait; one that is canceled at once does not', async () => {
    const buyer = await aPerson(market);
    for (let count = 0; count < 3; count += 1) {
      const { checkoutId } = await start(buyer, 20);
      await endCheckout(buyer.ctx(), checkoutId, 'canceled');
    }
    for (let count = 0; count < 3; count += 1) await start(buyer, 20);
    market.advance(42 * MINUTE_MS);
    await sweepCheckouts(market.system());
    const refusal = await getRefusal(start(buyer, 20));
    expect(refusal).toMatchObject({ code: 'unpaid_wait', status: 429 });
    expect(Number(refusal.detail.facts?.retryAfterSeconds)).toBeGreaterThan(50 * 60);
    market.advance(61 * MINUTE_MS);
    await start(buyer, 20);
    await expectInvariants(market);
  });

  it('are refused while the policy cannot be read', async () => {
    const buyer = await aPerson(market);
    const { db, now } = market.system();
    const { version, rules } = await currentPolicy(market.system());
    const before = await reserved();
    await db.insert(policies).values({ version: version + 1, rules: { ...rules, maxUnpaidCents: -1 }, note: 'Broken.', validFrom: now });
    await expect(start(buyer, 20)).rejects.toThrow();
    expect(await reserved()).toBe(before);
  });
});
