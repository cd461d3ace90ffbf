import { eq } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkouts, payments } from '~db/schema';
import type { Listing } from '~/modules/listings/index.server';
import { shortId, type TransactionId } from '~/platform/ids';
import { adminSearch } from '~/queries/admin/admin-search.server';
import { adminTransactionPage } from '~/queries/admin/admin-transaction.server';
import { aListing, anAdmin, aPerson, type Person } from '~tests/factories/market';
import { aPurchase } from '~tests/factories/transactions';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { getRefusal } from '~tests/setup/race';

const market = testMarket();
afterEach(() => expectInvariants(market));

let admin: Person;
let buyer: Person;
let listing: Listing;
let bought: TransactionId;

beforeAll(async () => {
  admin = await anAdmin(market);
  buyer = await aPerson(market, 'Vera 100% Sure');
  ({ listing } = await aListing(market, { username: 'oru-pictures' }));
  bought = (await aPurchase(market, buyer, listing)).transactionId;
  await aListing(market);
});

const found = async (q: string) => {
  const { people, lots, purchases } = await adminSearch(admin.ctx(), q);
  return { people: people.map((row) => row.id), lots: lots.map((row) => row.id), purchases: purchases.map((row) => row.id) };
};

describe('the admin’s search', () => {
  it('finds a person by parts of name and address, and by id with the purchases', async () => {
    for (const q of ['vera', buyer.email.toUpperCase(), 'a 100% s']) expect((await found(q)).people).toEqual([buyer.id]);
    expect(await found(buyer.id)).toEqual({ people: [buyer.id], lots: [], purchases: [bought] });
    // A percent sign is no wildcard.
    expect(await found('1%ure')).toEqual({ people: [], lots: [], purchases: [] });
  });

  it('finds a lot by Replicate username, whole id and short id', async () => {
    expect((await found('oru-pict')).lots).toEqual([listing.id]);
    expect(await found(listing.id)).toEqual({ people: [], lots: [listing.id], purchases: [bought] });
    expect((await found(shortId(listing.id))).lots).toEqual([listing.id]);
  });

  it('finds a purchase by its Stripe ids and its checkout id', async () => {
    const [row] = await market
      .system()
      .db.select({ checkoutId: checkouts.id, session: checkouts.stripeSessionId, payment: payments.stripePaymentIntentId })
      .from(payments)
      .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId));
    for (const id of [row?.checkoutId, row?.session, row?.payment]) expect(await found(id ?? '')).toMatchObject({ purchases: [bought] });
  });

  it('links to the page of the purchase', async () => {
    expect(await adminTransactionPage(admin.ctx(), bought)).toMatchObject({ buyer: { email: buyer.email }, runs: 0 });
  });

  it('finds nothing for an empty query, and is 404 for people who are no admins', async () => {
    for (const q of ['', '  ', 'no-such-thing', `usr_${'0'.repeat(32)}`, 'lst_', '\\'])
      expect(await found(q)).toEqual({ people: [], lots: [], purchases: [] });
    expect(await getRefusal(adminSearch(buyer.ctx(), 'vera'))).toMatchObject({ status: 404 });
    expect(await getRefusal(adminTransactionPage(buyer.ctx(), bought))).toMatchObject({ status: 404 });
  });
});
