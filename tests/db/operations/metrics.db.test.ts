import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInvariantsSweep } from '~/jobs/check-invariants';
import { removeHeartbeat, recordHeartbeat } from '~/modules/operations/index.server';
import { MINUTE_MS } from '~/platform/dates';
import { usdNano } from '~/platform/money';
import { invariants } from '~/invariants/check-invariants.server';
import { operationsFigures } from '~/queries/admin/operations-figures.server';
import { createServices } from '~/services.server';
import { createMetrics } from '~/web/metrics/metrics';
import { serveMetrics } from '~/web/metrics/metrics-server';
import { createReadiness, type Readiness } from '~/web/readiness';
import { createPatternFinder } from '~/web/route-patterns';
import { prepareMarket } from '~/workflows/listing/prepare-market.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { takeRefundNow } from '~/workflows/failing/take-refund-now.server';
import { freePort } from '../../../scripts/postgres.mjs';
import { aListing, anAdmin, aPerson } from '~tests/factories/market';
import { aCheckout, aPurchase, aRun } from '~tests/factories/transactions';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.closeAllConnections() ?? server.close()));

/** The value of a series, or undefined if it is missing. */
function readSeries(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = text.split('\n').find((each) => new RegExp(`^${name}[{ ]`).test(each) && wanted.every((label) => each.includes(label)));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
}

/** Expects readiness to fail with this reason. */
const isMissing =
  (what: string | RegExp) =>
  ({ ready, text }: Readiness) =>
    !ready && (typeof what === 'string' ? text.includes(what) : what.test(text));

const figures = async () =>
  new Map((await operationsFigures(market.system())).map(({ name, label, value }) => [label ? `${name} ${label}` : name, value]));

describe('the database metrics', () => {
  it('count what is held, reserved, open and waiting, and for how long', async () => {
    const admin = await anAdmin(market);
    const { listing } = await aListing(market, { admin, onSale: 500 });
    const buyer = await aPerson(market);
    await aPurchase(market, buyer, listing, 100);
    await aCheckout(market, buyer, listing, 40);
    await aRun(buyer, usdNano(10));
    market.advance(2 * MINUTE_MS);
    const before = await figures();
    expect(Object.fromEntries(before)).toMatchObject({
      'held_cents delivered': 5_000,
      'transactions delivered': 1,
      'checkouts open': 1,
      'checkouts_cents open': 2_000,
      'open_runs authorized': 1,
      webhooks_waiting: 0,
      mail_undelivered: 0,
    });
    expect(before.get('open_run_oldest_seconds authorized')).toBeGreaterThanOrEqual(120);
    expect(before.get('checkout_oldest_seconds open')).toBeGreaterThanOrEqual(120);
    expect(before.get('jobs ready')).toBeGreaterThan(0);

    const other = await aPerson(market);
    const { transactionId } = await aPurchase(market, other, listing, 100);
    await reportLotFailure(market.system(), { listingId: listing.id, reason: 'token_refused', detail: 'test' });
    await takeRefundNow(other.ctx(), transactionId);
    expect(Object.fromEntries(await figures())).toMatchObject({
      'refunds waiting': 1,
      'refunds_cents waiting': 5_000,
      'held_cents frozen': 5_000,
    });
  });

  it('count living workers and unhandled Stripe events', async () => {
    await recordHeartbeat(market.system(), { id: 'a', pid: 1 });
    await recordHeartbeat(market.system(), { id: 'b', pid: 2 });
    await market.system().db.execute(sql`update workers set seen_at = now() - interval '2 minutes' where id = 'b'`);
    const at = market.system().now.toISOString();
    await market.system().db.execute(sql`insert into stripe_events (id, type, object_id, received_at, processed_at) values
      ('evt_w', 'refund.updated', 're_1', ${at}::timestamptz - interval '90 seconds', null),
      ('evt_d', 'refund.updated', 're_1', ${at}::timestamptz - interval '60 seconds', ${at}::timestamptz - interval '56 seconds')`);
    const seen = await figures();
    expect(seen.get('workers')).toBe(1);
    expect(seen.get('webhooks_waiting')).toBe(1);
    expect(seen.get('webhook_oldest_waiting_seconds')).toBeGreaterThanOrEqual(90);
    expect(seen.get('webhook_lag_seconds longest')).toBe(4);
    await removeHeartbeat(market.system(), 'a');
    expect((await figures()).get('workers')).toBe(0);
    await market.asOwner(`delete from stripe_events where id in ('evt_w', 'evt_d')`);
  });

  it('hold the last result of each invariant and when it last changed', async () => {
    await checkInvariantsSweep.run(market.system());
    const all = await figures();
    expect(new Set(invariants.map(({ rule }) => rule)).size).toBe(invariants.length);
    for (const { rule } of invariants) expect([rule, all.get(`invariant_broken ${rule}`)]).toEqual([rule, 0]);

    await market
      .system()
      .db.execute(
        sql`update listings set reserved_nano = reserved_nano + 10000000, available_nano = available_nano - 10000000 where available_nano > 10000000`,
      );
    market.advance(MINUTE_MS);
    await checkInvariantsSweep.run(market.system());
    const broken = '2 what a listing reserved is what is set aside';
    expect((await figures()).get(`invariant_broken ${broken}`)).toBe(1);
    market.advance(MINUTE_MS);
    await checkInvariantsSweep.run(market.system());
    const [row] = await market
      .system()
      .db.execute<{ age: string }>(
        sql`select extract(epoch from checked_at - since_at)::text as age from invariant_checks where rule = ${broken}`,
      );
    expect(Number(row?.age)).toBeGreaterThanOrEqual(60);
    await market
      .system()
      .db.execute(
        sql`update listings set reserved_nano = reserved_nano - 10000000, available_nano = available_nano + 10000000 where reserved_nano >= 10000000`,
      );
  });
});

describe('/metrics', () => {
  let origin: string;
  let site: string;

  beforeAll(async () => {
    const { services } = market;
    const metrics = createMetrics(services);
    const server = createServer((req, res) => {
      res.statusCode = req.url?.startsWith('/limited') ? 429 : req.url?.includes('/predictions') ? 402 : 200;
      res.end('ok');
    });
    metrics.watch(server, createPatternFinder(['/listings/:listingId', '/limited']));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const port = await freePort();
    const own = await serveMetrics(
      { ...services, env: { ...services.env, metrics: { host: '127.0.0.1', port } } },
      metrics,
      createReadiness(services, () => false),
    );
    if (!own) throw new Error('There is no server.');
    servers.push(server, own);
    origin = `http://127.0.0.1:${port}`;
  });

  it('counts requests by route, method and status class, for every URL', async () => {
    for (const id of ['lst_1', 'lst_2', 'r8_secretsecretsecretsecretsecretsecret00']) await fetch(`${site}/listings/${id}`);
    for (let index = 0; index < 50; index += 1) await fetch(`${site}/made-up-${index}`);
    await fetch(`${site}/limited`, { method: 'POST' });
    await fetch(`${site}/gateway/replicate/v1/predictions`, { method: 'POST' });
    await fetch(`${site}/gateway/replicate/v1/models/a/b/predictions`, { method: 'POST' });
    const text = await (await fetch(`${origin}/metrics`)).text();
    const count = (route: string, status = '2xx') => readSeries(text, 'credit_mart_http_request_seconds_count', { route, status });
    expect(count('/listings/:listingId')).toBe(3);
    expect(count('(other)')).toBe(50);
    expect(readSeries(text, 'credit_mart_rate_limited_total', { route: '/limited' })).toBe(1);
    expect(readSeries(text, 'credit_mart_gateway_creates_total', { outcome: 'no_credit' })).toBe(2);
    expect(text).not.toMatch(/made-up|lst_1|r8_/);
    expect(readSeries(text, 'credit_mart_database_up')).toBe(1);
    expect(readSeries(text, 'credit_mart_held_cents', { state: 'frozen' })).toBe(5_000);
    expect(readSeries(text, 'credit_mart_invariant_broken', { rule: '16 the audit chain verifies' })).toBe(0);
    expect(readSeries(text, 'nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('serves nothing else on that port', async () => {
    expect((await fetch(`${origin}/`)).status).toBe(404);
    expect((await fetch(`${origin}/metrics`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  });
});

describe('readiness', () => {
  const look = () => createReadiness(market.services, () => false)();

  it('is 200 when everything is there; a missing worker is only a warning', async () => {
    expect(await look()).toSatisfy(isMissing('price book: missing'));
    await prepareMarket(market.system());
    const { ready, text } = await look();
    expect(ready).toBe(true);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'ready',
        'database: ok',
        'migrations: ok',
        'price book: ok',
        'vault keys: ok',
        expect.stringMatching(/^worker: warning: /),
      ]),
    );
  });

  it('names the missing key that stored secrets need', async () => {
    await market
      .system()
      .db.execute(
        sql`insert into secrets (id, ciphertext, key_id, bound_to, fingerprint, created_at) values (gen_random_uuid(), 'x', 'k9', 'listings/x', 'f', now())`,
      );
    expect(await look()).toSatisfy(isMissing('vault keys: missing: key k9 in VAULT_KEYS, which opens 1 secrets'));
    await market.asOwner(`delete from secrets where key_id = 'k9'`);
  });

  it('names the missing migration', async () => {
    await market.asOwner('create table newest as select * from drizzle.__drizzle_migrations order by created_at desc limit 1');
    await market.asOwner('delete from drizzle.__drizzle_migrations where id = (select id from newest)');
    expect(await look()).toSatisfy(isMissing(/migrations: missing: \d{4}_[\w-]+ \(run migrate\)/));
    await market.asOwner('insert into drizzle.__drizzle_migrations select * from newest');
    await market.asOwner('drop table newest');
    expect((await look()).ready).toBe(true);
  });

  it('fails without a database; the metrics then say so and still show the process', async () => {
    const services = await createServices({ ...market.services.env, databaseUrl: `postgres://nobody@127.0.0.1:${await freePort()}/none` });
    expect(await createReadiness(services, () => false)()).toSatisfy(isMissing(/^not ready\ndatabase: missing/));
    const text = await createMetrics(services).text();
    expect(readSeries(text, 'credit_mart_database_up')).toBe(0);
    expect(readSeries(text, 'credit_mart_held_cents')).toBeUndefined();
    expect(readSeries(text, 'process_resident_memory_bytes')).toBeGreaterThan(0);
    await services.close();
  });

  it('fails while the process shuts down', async () => {
    expect(await createReadiness(market.services, () => true)()).toEqual({
      ready: false,
      text: 'not ready\nprocess: missing: it is stopping\n',
    });
  });
});
