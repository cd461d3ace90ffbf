import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pauseListing, type Listing } from '~/modules/listings/index.server';
import { paths } from '~/paths';
import { DAY_MS } from '~/platform/dates';
import { shortId } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { listingSorts, readListingFilters, type ListingFilters } from '~/queries/market/listing-filters';
import { findListingPage } from '~/queries/market/listing.server';
import { findListings, summarizeListings } from '~/queries/market/listings.server';
import type { ListingRow } from '~/queries/market/public-listing.server';
import { mountListingsApi } from '~/web/endpoints/listings-api';
import { decideListing } from '~/workflows/listing/decide-listing.server';
import { aListing, anAdmin, aPerson, aSeller, aSubmittedListing, pay, startPurchase } from '~tests/factories/market';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { manyLots } from './lots';

const HOW_MANY = 200;
const market = testMarket();
let lots: Listing[];
let server: Server;
let api: string;

beforeAll(async () => {
  lots = await manyLots(market, HOW_MANY);
  const app = express();
  mountListingsApi(app, market.services);
  server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}${paths.api.listings()}`;
}, 120_000);
afterAll(() => new Promise((done) => server.close(done)));

const read = (query: string) => readListingFilters(new URLSearchParams(query));
const find = (query: string) => findListings(market.system(), read(query).filters, 3);

/** Follows the links from the first page to the last. */
async function allPages(filters: ListingFilters): Promise<ListingRow[]> {
  const rows: ListingRow[] = [];
  let after: string | null = null;
  do {
    const query: URLSearchParams = new URLSearchParams({ ...(filters.sort && { sort: filters.sort }), ...(after && { after }) });
    const { filters: readable, errors } = readListingFilters(query);
    expect(errors).toEqual({});
    const page = await findListings(market.system(), { ...filters, after: readable.after }, 3);
    rows.push(...page.rows);
    after = page.next;
  } while (after);
  return rows;
}

const sortKey = {
  cheapest: (row: ListingRow) => row.discountBps,
  largest: (row: ListingRow) => Number(row.availableNano),
  latest: (row: ListingRow) => row.creditExpiresAt.getTime(),
};

describe('keyset pagination', () => {
  it.each(listingSorts)('shows each of 200 lots once, in order, sorted %s', async (sort) => {
    const rows = await allPages({ sort });
    expect(rows).toHaveLength(HOW_MANY);
    expect(new Set(rows.map((row) => row.id))).toEqual(new Set(lots.map((lot) => lot.id)));
    rows.slice(1).forEach((row, index) => {
      const before = rows[index];
      if (!before) return;
      const [a, b] = [sortKey[sort](before), sortKey[sort](row)];
      expect(a > b || (a === b && before.id < row.id)).toBe(true);
    });
  });

  it('shows no lot twice in a search', async () => {
    const { next, rows } = await find('sort=cheapest&q=Bo');
    const last = rows.at(-1);
    const rest = await find(`sort=cheapest&q=Bo&after=${next ?? ''}`);
    expect(rest.rows.every((row) => row.id !== last?.id && !rows.some((seen) => seen.id === row.id))).toBe(true);
    expect(rows.length + rest.rows.length).toBe(HOW_MANY / 4 > 48 ? 48 : HOW_MANY / 4);
  });
});

describe('filters', () => {
  const matching = (holds: (lot: Listing) => boolean) => new Set(lots.filter(holds).map((lot) => lot.id));
  const ids = async (query: string) => new Set((await allPages({ ...read(query).filters })).map((row) => row.id));

  it('by discount, amount, expiry and level work alone and together', async () => {
    const day = new Date(market.services.clock.now().getTime() + 20 * DAY_MS).toISOString().slice(0, 10);
    const ends = new Date(`${day}T00:00:00Z`);
    expect(await ids('discount=37.5')).toEqual(matching((lot) => lot.discountBps >= 3_750));
    expect(await ids('discount=60.25')).toEqual(matching((lot) => lot.discountBps >= 6_025));
    expect(await ids('amount=480.50')).toEqual(matching((lot) => lot.availableNano >= usdNano(480.5)));
    expect(await ids('amount=480.51')).toEqual(matching((lot) => lot.availableNano >= usdNano(2_000)));
    expect(await ids(`expires=${day}`)).toEqual(matching((lot) => lot.creditExpiresAt >= ends));
    expect(await ids('level=4')).toEqual(matching((lot) => lot.level >= 4));
    expect(await ids(`discount=50&amount=100&expires=${day}`)).toEqual(
      matching((lot) => lot.discountBps >= 5_000 && lot.availableNano >= usdNano(100) && lot.creditExpiresAt >= ends),
    );
    const summary = await summarizeListings(market.system(), read('discount=60.25').filters, 3);
    expect(summary).toMatchObject({ count: 50, more: false });
  });

  it('find a seller by any part of the name, without wildcards', async () => {
    expect(await ids('q=renders')).toEqual(matching((lot) => lot.sellerName === 'Ada Renders'));
    expect(await ids('q=100%25')).toEqual(matching((lot) => lot.sellerName === '100% Legit_Lots'));
    expect(await ids('q=_')).toEqual(matching((lot) => lot.sellerName === '100% Legit_Lots'));
    expect(await ids('q=čeněk')).toEqual(matching((lot) => lot.sellerName === 'Čeněk'));
    expect(await ids('q=%5C')).toEqual(new Set());
    expect(await ids(`q=${encodeURIComponent("'; drop table listings; --")}`)).toEqual(new Set());
  });

  it('find a lot by its full id or the short one on pages', async () => {
    const [lot] = lots;
    if (!lot) throw new Error('There are lots.');
    expect(await ids(`q=${lot.id}`)).toEqual(new Set([lot.id]));
    expect((await ids(`q=${shortId(lot.id)}`)).has(lot.id)).toBe(true);
  });
});

describe('a parameter that cannot be read', () => {
  it.each([
    ['discount=abc', 'discount'],
    ['discount=101', 'discount'],
    ['discount=-1', 'discount'],
    ['amount=1e9', 'amount'],
    ['amount=999999999999', 'amount'],
    ['amount=-5', 'amount'],
    ['expires=2027-02-30', 'expires'],
    ['expires=tomorrow', 'expires'],
    ['level=5', 'level'],
    ['level=2', 'level'],
    ['level=1.5', 'level'],
    ['level=0x1', 'level'],
    ['sort=price', 'sort'],
    [`q=${'a'.repeat(81)}`, 'q'],
    ['q=a%00b', 'q'],
    ['after=garbage', 'after'],
    ['after=%00', 'after'],
    [`after=${'x'.repeat(201)}`, 'after'],
    [
      `after=${Buffer.from('latest|2027-99-99T99:99:99.999Z|lst_00000000000000000000000000000000').toString('base64url')}&sort=latest`,
      'after',
    ],
    [`after=${Buffer.from('cheapest|1) or 1=1|lst_00000000000000000000000000000000').toString('base64url')}`, 'after'],
    ['sort=price&after=garbage', 'after'],
  ])('is a 422 in the API that names it: %s', async (query, field) => {
    const response = await fetch(`${api}?${query}`);
    expect(response.status).toBe(422);
    const { error } = (await response.json()) as { error: { code: string; fields: Record<string, string> } };
    expect(error.code).toBe('invalid');
    expect(error.fields[field]).toMatch(/\w{3}/);
  });

  it('includes a cursor of another sort order', async () => {
    const { next } = await find('sort=largest');
    expect(read(`sort=largest&after=${next ?? ''}`).errors).toEqual({});
    expect(read(`sort=cheapest&after=${next ?? ''}`).errors).toHaveProperty('after');
    expect(read(`after=${next ?? ''}`).errors).toHaveProperty('after');
  });

  it('is ignored on the page', async () => {
    const { filters, errors } = read('discount=abc&amount=100&q=');
    expect(Object.keys(errors)).toEqual(['discount']);
    expect(filters).toMatchObject({ amount: usdNano(100) });
    expect((await findListings(market.system(), filters, 3)).rows.length).toBeGreaterThan(0);
  });
});

describe('the API', () => {
  const nano = (usd: unknown) => BigInt(String(usd).replace('.', ''));
  const amounts = ({ seller, ...lot }: Record<string, unknown>) => [
    lot.id,
    ...[lot.face_value_usd, lot.available_usd, lot.minimum_usd].map(nano),
    lot.credit_expires_at,
    nano((seller as Record<string, unknown>).burned_usd),
  ];
  const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

  it('returns exact amounts and a link to the next page, without cookies or CORS', async () => {
    const response = await fetch(`${api}?sort=cheapest&amount=100`);
    expect(response.status).toBe(200);
    expect([response.headers.get('set-cookie'), response.headers.get('access-control-allow-origin')]).toEqual([null, null]);
    const body = (await response.json()) as { listings: Record<string, unknown>[]; next: string };
    expect(body.listings).toHaveLength(24);
    expect(body.listings[0]).toEqual({
      id: like(/^lst_[0-9a-f]{32}$/),
      url: like(/^http:\/\/market\.test\/listings\/lst_/),
      provider: 'replicate',
      face_value_usd: like(/^\d+\.\d{9}$/),
      available_usd: like(/^\d+\.\d{9}$/),
      sold_usd: '0.000000000',
      minimum_usd: like(/^\d+\.\d{9}$/),
      discount_bps: 6_025,
      price_per_usd: '0.3975',
      credit_expires_at: like(/T00:00:00\.000Z$/),
      verification_level: 4,
      seller: { name: 'Čeněk', since: like(/Z$/), burned_usd: '500.000000000', failed_lots: 0 },
    });
    const { rows } = await find('sort=cheapest&amount=100');
    expect(body.listings.map(amounts)).toEqual(
      rows.map(({ id, faceNano, availableNano, minNano, creditExpiresAt, sellerBurnedNano }) => {
        return [id, faceNano, availableNano, minNano, creditExpiresAt.toISOString(), sellerBurnedNano];
      }),
    );
    const next = new URL(body.next);
    const more = (await (await fetch(`${api}${next.search}`)).json()) as { listings: { id: string }[] };
    expect(more.listings.some((row) => body.listings.some((seen) => seen['id'] === row.id))).toBe(false);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('refuses %s with 405 and names the allowed methods', async (method) => {
    const response = await fetch(api, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
    expect(await response.json()).toMatchObject({ error: { code: 'method_not_allowed' } });
  });
});

describe('a lot', () => {
  it('that was never approved is invisible to the public', async () => {
    const admin = await anAdmin(market);
    const { listing: waiting } = await aSubmittedListing(market);
    const { listing: asked } = await aSubmittedListing(market);
    await decideListing(admin.ctx(), asked.id, { intent: 'ask', note: 'Whose credit is this?' });
    const { listing: rejected } = await aSubmittedListing(market);
    await decideListing(admin.ctx(), rejected.id, { intent: 'reject', reasonCode: 'other', note: 'No.' });
    for (const { id } of [waiting, asked, rejected]) {
      expect(await findListingPage(market.system(), id)).toBeNull();
      expect((await find(`q=${id}`)).rows).toEqual([]);
    }
    await expectInvariants(market);
  });

  it('that is paused or suspended keeps its page but leaves the market', async () => {
    const [admin, seller] = [await anAdmin(market), await aSeller(market)];
    const { listing: paused } = await aListing(market, { admin, seller });
    await pauseListing(seller.ctx(), paused.id);
    const { listing: suspended } = await aListing(market, { admin, seller });
    await decideListing(admin.ctx(), suspended.id, { intent: 'suspend', note: 'A secret suspicion.' });
    for (const { id, state } of [
      { ...paused, state: 'paused' },
      { ...suspended, state: 'suspended' },
    ]) {
      const page = await findListingPage(market.system(), id);
      expect(page?.listing.state).toBe(state);
      expect(JSON.stringify(page, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toMatch(
        /secret suspicion|secretId|sec_/,
      );
      expect((await find(`q=${id}`)).rows).toEqual([]);
    }
  });

  it('shows the public the columns that were chosen for it, and no other', async () => {
    const { listing } = await aListing(market);
    const inLists =
      'availableNano creditExpiresAt discountBps faceNano id level listedNano minNano provider sellerBurnedNano sellerFailedLots sellerName sellerSince soldNano';
    const onItsPage = 'endedAt mendUntilAt reservedNano sellerId state tailNano';
    const fields = (row: object | undefined) => Object.keys(row ?? {}).sort();
    expect(fields((await find(`q=${listing.id}`)).rows[0])).toEqual(inLists.split(' '));
    const page = await findListingPage(market.system(), listing.id);
    expect(fields(page?.listing)).toEqual(`${inLists} ${onItsPage}`.split(' ').sort());
    expect(fields(page?.trust)).toEqual(['accountRecordedAt', 'declaredAt', 'failed', 'lastCheck', 'seasonedAt']);
  });

  it('shows what is left after a purchase, and leaves the market when sold out', async () => {
    const { listing } = await aListing(market, { onSale: 100 });
    const { checkoutId } = await startPurchase(market, listing, { buyer: await aPerson(market), amount: 40 });
    expect((await find(`q=${listing.id}`)).rows).toMatchObject([{ availableNano: usdNano(60), soldNano: 0n }]);
    await pay(market, checkoutId);
    expect((await findListingPage(market.system(), listing.id))?.burn).toEqual({ buyers: 1, burnedNano: 0n });
    await startPurchase(market, listing, { buyer: await aPerson(market), amount: 60 });
    expect((await find(`q=${listing.id}`)).rows).toEqual([]);
    await expectInvariants(market);
  });

  it('whose credit expires within three days leaves the market automatically', async () => {
    const { listing } = await aListing(market, { daysLeft: 4 });
    expect((await find(`q=${listing.id}`)).rows).toHaveLength(1);
    const late = { ...market.system(), now: new Date(listing.creditExpiresAt.getTime() - 3 * DAY_MS) };
    expect((await findListings(late, read(`q=${listing.id}`).filters, 3)).rows).toEqual([]);
  });
});
