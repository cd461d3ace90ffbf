import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { sellerProfiles } from '~db/schema';
import { pauseForCheck, type Listing } from '~/modules/listings/index.server';
import { atomic } from '~/platform/context';
import { HOUR_MS } from '~/platform/dates';
import { idToUuid } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { changeSettings } from '~/workflows/people/change-settings.server';
import { countBurns, countSellersBurns } from '~/workflows/burning/count-burns.server';
import { failLot } from '~/workflows/failing/fail-lot.server';
import { aListing, aPerson, listingNow, type Person } from '~tests/factories/market';
import { aPurchase, aRun, burn } from '~tests/factories/transactions';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
afterEach(() => expectInvariants(market));

const findProfile = async (seller: Person) => {
  const [row] = await market.system().db.select().from(sellerProfiles).where(eq(sellerProfiles.userId, seller.id));
  if (!row) throw new Error('no profile');
  return row;
};

/** A lot, a buyer of $50 of it, and $2 burned. `before`: what the seller's other lots had burned, as in every factory. */
async function aBurnedLot(): Promise<{ listing: Listing; seller: Person; buyer: Person; before: bigint }> {
  const { listing, seller } = await aListing(market);
  const { burnedNano: before } = await findProfile(seller);
  const buyer = await aPerson(market);
  await aPurchase(market, buyer, listing, 50);
  await burn(buyer, usdNano(2));
  return { listing, seller, buyer, before };
}

describe('burns', () => {
  it('are counted once on the lot, the profile and every listing of the seller, when many processes count repeatedly', async () => {
    const { listing, seller, buyer, before } = await aBurnedLot();
    const { listing: other } = await aListing(market, { seller });
    await countBurns(market.system());
    await countBurns(market.system());
    expect(await listingNow(market, listing.id)).toMatchObject({ burnedNano: usdNano(2), sellerBurnedNano: before + usdNano(2) });
    expect(await listingNow(market, other.id)).toMatchObject({ burnedNano: 0n, sellerBurnedNano: before + usdNano(2) });

    const another = await market.anotherProcess();
    const runs = await Promise.all(Array.from({ length: 12 }, () => aRun(buyer, usdNano(0.5))));
    const elsewhere = () => countBurns(another.ctxFor({ kind: 'system', name: 'test' }));
    await Promise.all(runs.flatMap((run) => [run.settle(usdNano(0.5)), countBurns(market.system()), elsewhere()]));
    await countBurns(market.system());
    expect((await listingNow(market, listing.id)).burnedNano).toBe(usdNano(8));
    expect((await findProfile(seller)).burnedNano).toBe(before + usdNano(8));
  });

  it('are counted when a run settles between the read and the lock', async () => {
    const { listing, seller, buyer, before } = await aBurnedLot();
    const run = await aRun(buyer, usdNano(0.5));
    const held = await atomic(market.system(), async (tx) => {
      await tx.db.execute(sql`select 1 from daily_burns where listing_id = ${idToUuid(listing.id)}::uuid for update`);
      // Both wait for the lock, the settlement first: counting has read the row before the settlement changed it.
      const settling = run.settle(usdNano(0.5));
      await sleep(150);
      const counting = countBurns(market.system());
      await sleep(150);
      return { settling, counting };
    });
    await Promise.all([held.settling, held.counting]);
    await countBurns(market.system());
    expect((await listingNow(market, listing.id)).burnedNano).toBe(usdNano(2.5));
    expect((await findProfile(seller)).burnedNano).toBe(before + usdNano(2.5));
  });

  it('are counted completely after a crash during counting', async () => {
    const { listing, seller, before } = await aBurnedLot();
    const crashing = atomic(market.system(), async (tx) => {
      await countSellersBurns(tx, seller.id);
      throw new Error('the process died');
    });
    await expect(crashing).rejects.toThrow('died');
    expect((await listingNow(market, listing.id)).burnedNano).toBe(0n);
    expect((await findProfile(seller)).burnedNano).toBe(before);
    await countBurns(market.system());
    expect((await listingNow(market, listing.id)).burnedNano).toBe(usdNano(2));
  });

  it('from before a failure do not make the seller seasoned after it', async () => {
    const { listing, seller, buyer } = await aBurnedLot();
    const { listing: other } = await aListing(market, { seller });
    await aPurchase(market, buyer, other, 50);
    const late = await aRun(buyer, usdNano(1));
    await pauseForCheck(market.system(), listing.id, { reason: 'test', mendHours: 1, creditLacks: false });
    market.advance(2 * HOUR_MS);
    await failLot(market.system(), listing.id);
    expect(await findProfile(seller)).toMatchObject({ burnedNano: 0n, failedLots: 1, seasonedAt: null });
    expect(await listingNow(market, other.id)).toMatchObject({ sellerBurnedNano: 0n, sellerFailedLots: 1 });
    expect((await listingNow(market, listing.id)).burnedNano).toBe(usdNano(2));
    await late.settle(usdNano(1));
    await countBurns(market.system());
    expect((await findProfile(seller)).burnedNano).toBe(usdNano(1));
  });
});

it('a changed public name appears on every listing at once', async () => {
  const { listing, seller } = await aListing(market);
  await changeSettings(seller.ctx(), { name: 'Somebody', publicName: 'Tallwind' });
  expect((await listingNow(market, listing.id)).sellerName).toBe('Tallwind');
});
