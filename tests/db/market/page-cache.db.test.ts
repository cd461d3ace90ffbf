import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { changePrice, type Listing } from '~/modules/listings/index.server';
import { paths } from '~/paths';
import type { Services } from '~/services.server';
import { mountListingsApi } from '~/web/endpoints/listings-api';
import { ResponseCache } from '~/web/cache/response-cache';
import { withResponseCache } from '~/web/middleware/response-cache';
import { endCheckout } from '~/workflows/paying/end-checkout.server';
import { aListing, aSeller, pay, startPurchase, type Person } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
let elsewhere: Services;
let server: Server;
let url: string;
let seller: Person;
let lot: Listing;

/** A second process with a cache of one minute, so that only a notice can change what it shows. */
beforeAll(async () => {
  elsewhere = await market.anotherProcess();
  await elsewhere.watchMarket();
  const app = express();
  app.use(withResponseCache(new ResponseCache({ ...elsewhere, env: { ...elsewhere.env, pageCacheMs: 60_000 } })));
  mountListingsApi(app, elsewhere);
  server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${paths.api.listings()}`;
  seller = await aSeller(market);
  ({ listing: lot } = await aListing(market, { seller, onSale: 60, discountBps: 4_000 }));
});
afterAll(() => new Promise((done) => server.close(done)));

interface Shown {
  id: string;
  discount_bps: number;
  available_usd: string;
}

async function shown(): Promise<Shown | undefined> {
  const answer = await fetch(url);
  const { listings } = (await answer.json()) as { listings: Shown[] };
  return listings.find(({ id }) => id === lot.id);
}

/** Soon: long before a cached page would expire. */
const soon = (expected: Partial<Shown> | undefined) =>
  vi.waitFor(
    async () => {
      const now = await shown();
      if (expected === undefined) expect(now).toBeUndefined();
      else expect(now).toMatchObject(expected);
    },
    { timeout: 1_500, interval: 10 },
  );

describe('the market cache of another process', () => {
  it('serves without a database query while nothing changes', async () => {
    await soon({ discount_bps: 4_000, available_usd: '60.000000000' });
    // Bypasses the trigger, and so every notice, which the application never does.
    await market.asOwner('alter table listings disable trigger listings_market_changed');
    await market.services.db.execute(sql`update listings set discount_bps = 4100 where id = ${lot.id.slice(4)}::uuid`);
    expect(await shown()).toMatchObject({ discount_bps: 4_000 });
    await market.asOwner('alter table listings enable trigger listings_market_changed');
  });

  it('changes with the price', async () => {
    await changePrice(seller.ctx(), { listingId: lot.id, discountBps: 4_500 });
    await soon({ discount_bps: 4_500 });
  });

  it('changes when quantity is reserved, and again when it is returned', async () => {
    const { checkoutId } = await startPurchase(market, { ...lot, discountBps: 4_500 }, { amount: 20 });
    await soon({ available_usd: '40.000000000' });
    await endCheckout(market.system(), checkoutId, 'canceled');
    await soon({ available_usd: '60.000000000' });
  });

  it('drops a lot once it is sold out', async () => {
    const { checkoutId } = await startPurchase(market, { ...lot, discountBps: 4_500 }, { amount: 60 });
    await soon(undefined);
    await pay(market, checkoutId);
    expect(await shown()).toBeUndefined();
  });

  it('is cleared when the process reconnects after losing its connection', async () => {
    const { listing, seller: other } = await aListing(market, { onSale: 100, discountBps: 3_500 });
    lot = listing;
    await soon({ discount_bps: 3_500 });
    await market.services.db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'credit-mart-listener' and datname = current_database()`,
    );
    await changePrice(other.ctx(), { listingId: lot.id, discountBps: 3_700 });
    await vi.waitFor(async () => expect(await shown()).toMatchObject({ discount_bps: 3_700 }), { timeout: 10_000, interval: 50 });
    await changePrice(other.ctx(), { listingId: lot.id, discountBps: 3_900 });
    await soon({ discount_bps: 3_900 });
  });

  it('the ledger is unchanged', () => expectInvariants(market));
});
