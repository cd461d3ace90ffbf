import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grants, refunds, transactions } from '~db/schema';
import { ensureAccessKey } from '~/modules/metering/index.server';
import { importPriceBook } from '~/modules/pricing/index.server';
import { HOUR_MS } from '~/platform/dates';
import { failOverdueLots } from '~/workflows/failing/fail-lot.server';
import { finishClosingRefunds } from '~/workflows/failing/refund-unburned.server';
import { replaceListingToken } from '~/workflows/listing/replace-token.server';
import { reportLotFailure } from '~/workflows/failing/report-lot-failure.server';
import { takeRefundNow } from '~/workflows/failing/take-refund-now.server';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { aListing, aPerson, listingNow, mailsTo, type Person } from '~tests/factories/market';
import { officialClient, serveGateway, type MountedGateway } from '~tests/factories/runs';
import { aPurchase } from '~tests/factories/transactions';

const market = testMarket();
let gateway: MountedGateway;
beforeAll(async () => {
  await importPriceBook(market.system());
  gateway = await serveGateway(market);
  market.replicate.control.tune({ predictionMs: 100 });
});
afterAll(() => gateway.close());

const flux = 'black-forest-labs/flux-schnell';
let lots = 0;

/** A buyer with several lots, each on its own account; the first burns first. */
async function bought(howMany: number) {
  const buyer = await aPerson(market);
  const held = [];
  for (let i = 0; i < howMany; i += 1) {
    lots += 1;
    const username = `failing-${lots}`;
    const { listing, seller } = await aListing(market, { username, daysLeft: 30 + i });
    const { transactionId } = await aPurchase(market, buyer, listing, 50);
    held.push({ listing, seller, username, transactionId });
  }
  const key = await ensureAccessKey(buyer.ctx());
  return { buyer, held, client: officialClient(gateway, key.text ?? '') };
}

async function findState(transactionId: (typeof transactions.$inferSelect)['id']) {
  const [row] = await market
    .system()
    .db.select({ transaction: transactions, grant: grants })
    .from(transactions)
    .innerJoin(grants, eq(grants.transactionId, transactions.id))
    .where(eq(transactions.id, transactionId));
  if (!row) throw new Error('no transaction');
  return { transaction: row.transaction.state, grant: row.grant.state, row: row.grant };
}

async function listRefunds(transactionId: (typeof transactions.$inferSelect)['id']) {
  return market.system().db.select().from(refunds).where(eq(refunds.transactionId, transactionId));
}

describe('a lot whose token Replicate refuses', () => {
  it('is paused and frozen, seller and buyer are notified, and the next grant serves the same call', async () => {
    const { buyer, held, client } = await bought(2);
    const [first, second] = held;
    if (!first || !second) throw new Error('two lots');
    market.replicate.control.revokeToken(first.username);
    expect(await client.run(flux, { input: { prompt: 'x' } })).toHaveLength(1);
    expect(await findState(first.transactionId)).toMatchObject({ transaction: 'frozen', grant: 'frozen' });
    expect(await findState(second.transactionId)).toMatchObject({ transaction: 'delivered', grant: 'open' });
    expect(await listingNow(market, first.listing.id)).toMatchObject({ state: 'paused', pausedBy: 'system' });
    expect(await mailsTo(market, first.seller.email)).toContain('lot.paused_seller');
    expect(await mailsTo(market, buyer.email)).toContain('lot.paused_buyer');
    await expectInvariants(market);
  });

  it('is reported once when many runs fail at once', async () => {
    const { held, client } = await bought(2);
    const [first] = held;
    if (!first) throw new Error('a lot');
    market.replicate.control.revokeToken(first.username);
    const outputs = await Promise.all(Array.from({ length: 8 }, (_, i) => client.run(flux, { input: { prompt: `x${i}` } })));
    expect(outputs).toHaveLength(8);
    expect((await mailsTo(market, first.seller.email)).filter((kind) => kind === 'lot.paused_seller')).toHaveLength(1);
    await expectInvariants(market);
  });

  it('returns 503 with the reason when it was the only lot, and 402 from then on', async () => {
    const { held, client } = await bought(1);
    market.replicate.control.revokeToken(held[0]?.username ?? '');
    await expect(client.run(flux, { input: { prompt: 'x' } })).rejects.toMatchObject({ response: { status: 503 } });
    await expect(client.run(flux, { input: { prompt: 'x' } })).rejects.toMatchObject({ response: { status: 402 } });
  });

  it('works again when the seller posts another token of the same account', async () => {
    const { buyer, held, client } = await bought(1);
    const [lot] = held;
    if (!lot) throw new Error('a lot');
    market.replicate.control.revokeToken(lot.username);
    await client.run(flux, { input: { prompt: 'x' } }).catch(() => null);
    const { token } = market.replicate.control.issueToken(lot.username);
    await replaceListingToken(lot.seller.ctx(), { listingId: lot.listing.id, token });
    expect(await findState(lot.transactionId)).toMatchObject({ transaction: 'delivered', grant: 'open' });
    expect(await listingNow(market, lot.listing.id)).toMatchObject({ state: 'active', mendUntilAt: null });
    expect(await client.run(flux, { input: { prompt: 'x' } })).toHaveLength(1);
    expect(await mailsTo(market, buyer.email)).toContain('lot.mended_buyer');
    await expectInvariants(market);
  });
});

describe('a lot that is out of credit', () => {
  it('is paused, and the next grant serves the call', async () => {
    const { held, client } = await bought(2);
    const [first] = held;
    if (!first) throw new Error('a lot');
    market.replicate.control.addBehaviour({ kind: 'http_402', on: 'create', username: first.username, times: 1 });
    expect(await client.run(flux, { input: { prompt: 'x' } })).toHaveLength(1);
    expect(await findState(first.transactionId)).toMatchObject({ transaction: 'frozen', grant: 'frozen' });
  });
});

describe('a lot that is not repaired', () => {
  async function failed(kind: 'wait' | 'take') {
    const { buyer, held, client } = await bought(1);
    const [lot] = held;
    if (!lot) throw new Error('a lot');
    await client.run(flux, { input: { prompt: 'x', num_outputs: 4 } });
    await settled(lot.transactionId);
    await reportLotFailure(market.system(), { listingId: lot.listing.id, reason: 'token_refused', detail: 'test' });
    if (kind === 'take') return { buyer, lot, client };
    market.advance(23 * HOUR_MS);
    await failOverdueLots(market.system());
    expect(await listingNow(market, lot.listing.id)).toMatchObject({ state: 'paused' });
    market.advance(2 * HOUR_MS);
    await failOverdueLots(market.system());
    await failOverdueLots(market.system());
    return { buyer, lot, client };
  }

  async function settled(transactionId: (typeof transactions.$inferSelect)['id']) {
    for (let i = 0; i < 40; i += 1) {
      const { row } = await findState(transactionId);
      if (row.capturedNano > 0n && row.authorizedNano === 0n) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('not settled');
  }

  it('fails after 24 hours: the unburned part is refunded once, and the seller keeps the burned part', async () => {
    const { buyer, lot } = await failed('wait');
    expect(await listingNow(market, lot.listing.id)).toMatchObject({ state: 'failed', availableNano: 0n });
    expect(await findState(lot.transactionId)).toMatchObject({
      transaction: 'refunded',
      grant: 'failed',
      row: { capturedNano: 12_000_000n },
    });
    // $25.00 for $50.00: 12 of 50,000 mills burned round down to no cents for seller and fee.
    expect(await listRefunds(lot.transactionId)).toMatchObject([{ amountCents: 2_500n }]);
    expect(await mailsTo(market, lot.seller.email)).toContain('lot.failed_seller');
    expect((await mailsTo(market, buyer.email)).filter((kind) => kind.includes('refund'))).toHaveLength(1);
    await expectInvariants(market);
  });

  it('is refunded at once to a buyer who asks, only to that buyer, and only once', async () => {
    const { buyer, lot } = await failed('take');
    const stranger: Person = await aPerson(market);
    await expect(takeRefundNow(stranger.ctx(), lot.transactionId)).rejects.toMatchObject({ status: 404 });
    expect(await takeRefundNow(buyer.ctx(), lot.transactionId)).toEqual({ state: 'refunded', amountCents: 2_500n });
    await expect(takeRefundNow(buyer.ctx(), lot.transactionId)).rejects.toMatchObject({ status: 409 });
    await expectInvariants(market);
  });

  it('waits for an open run before it refunds', async () => {
    const { buyer, held, client } = await bought(1);
    const [lot] = held;
    if (!lot) throw new Error('a lot');
    market.replicate.control.addBehaviour({ kind: 'succeed', on: 'create', username: lot.username, times: 1, delayMs: 2_500 });
    const running = client.run(flux, { input: { prompt: 'x' } });
    for (let i = 0; i < 60 && (await findState(lot.transactionId)).row.authorizedNano === 0n; i += 1)
      await new Promise((done) => setTimeout(done, 25));
    await reportLotFailure(market.system(), { listingId: lot.listing.id, reason: 'low_credit', detail: 'test' });
    expect(await takeRefundNow(buyer.ctx(), lot.transactionId)).toEqual({ state: 'closing' });
    await running;
    await settled(lot.transactionId);
    await finishClosingRefunds(market.system());
    expect(await findState(lot.transactionId)).toMatchObject({ transaction: 'refunded', row: { capturedNano: 3_000_000n } });
    await expectInvariants(market);
  });
});
