import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grants, listings, probes, transactions } from '~db/schema';
import { ensureAccessKey } from '~/modules/metering/index.server';
import { importPriceBook } from '~/modules/pricing/index.server';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '~/platform/dates';
import { askForProbe } from '~/modules/listings/index.server';
import { failOverdueLots } from '~/workflows/failing/fail-lot.server';
import { probeLots } from '~/workflows/failing/probe-lots.server';
import { settleTransactions } from '~/workflows/releasing/release-vested.server';
import { replaceListingToken } from '~/workflows/listing/replace-token.server';
import { takeRefundNow } from '~/workflows/failing/take-refund-now.server';
import { expectInvariants } from '~tests/setup/invariants';
import { raceMany } from '~tests/setup/race';
import { testMarket } from '~tests/setup/market';
import { aListing, aPerson, listingNow, mailsTo } from '~tests/factories/market';
import { officialClient, serveGateway, type MountedGateway } from '~tests/factories/runs';
import { aPurchase } from '~tests/factories/transactions';

const market = testMarket();
let gateway: MountedGateway;
beforeAll(async () => {
  await importPriceBook(market.system());
  gateway = await serveGateway(market);
  market.replicate.control.tune({ predictionMs: 20 });
});
afterAll(() => gateway.close());

const flux = 'black-forest-labs/flux-schnell';
const control = () => market.replicate.control;
let lots = 0;

/** A buyer with $50 of one lot. */
async function aBuyerOfALot() {
  lots += 1;
  const username = `credit-${lots}`;
  const buyer = await aPerson(market);
  const { listing, seller } = await aListing(market, { username, daysLeft: 90 });
  const { transactionId } = await aPurchase(market, buyer, listing, 50);
  const key = await ensureAccessKey(buyer.ctx());
  const client = officialClient(gateway, key.text ?? '');
  const run = () => client.run(flux, { input: { prompt: 'x' } });
  /** One call without retries, since the official client retries a 429 at once. */
  const runOnce = () =>
    fetch(`${gateway.url}/models/${flux}/predictions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.text ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ input: { prompt: 'x' } }),
    });
  return { username, buyer, seller, listing, transactionId, run, runOnce };
}
type Bought = Awaited<ReturnType<typeof aBuyerOfALot>>;

/** The same, after Replicate has reported that the account is empty. */
async function anEmptyLot() {
  const lot = await aBuyerOfALot();
  setCredit(lot.username, 0);
  await lot.run().catch(() => null);
  expect(await findState(lot)).toEqual({ transaction: 'frozen', grant: 'frozen', listing: 'paused' });
  return lot;
}

function setCredit(username: string, usd: number) {
  const left = Number(control().account(username).creditUsd);
  control().addCredit(username, { usd: String(usd - left) });
}

async function findState({ transactionId }: Bought) {
  const [row] = await market
    .system()
    .db.select({ transaction: transactions.state, grant: grants.state, listing: listings.state })
    .from(transactions)
    .innerJoin(grants, eq(grants.transactionId, transactions.id))
    .innerJoin(listings, eq(listings.id, transactions.listingId))
    .where(eq(transactions.id, transactionId));
  return row;
}

async function findProbe({ listing }: Bought) {
  const [row] = await market
    .system()
    .db.select()
    .from(probes)
    .where(eq(probes.listingId, listing.id))
    .orderBy(desc(probes.createdAt))
    .limit(1);
  return row;
}

/** Runs the sweep and moves the clock until the lot's probe has ended. */
async function probed(lot: Bought) {
  for (let round = 0; round < 12; round += 1) {
    await probeLots(market.system());
    const probe = await findProbe(lot);
    if (!probe || (probe.state !== 'waiting' && probe.state !== 'running')) break;
    await new Promise((done) => setTimeout(done, 40));
    market.advance(MINUTE_MS);
  }
  return findProbe(lot);
}

async function replaceToken(lot: Bought) {
  const { token } = control().issueToken(lot.username);
  await replaceListingToken(lot.seller.ctx(), { listingId: lot.listing.id, token });
}

const frozen = { transaction: 'frozen', grant: 'frozen', listing: 'paused' };
const working = { transaction: 'delivered', grant: 'open', listing: 'active' };

describe('a lot that Replicate refused for lack of credit', () => {
  it('stays frozen when the seller posts a token again; only a successful run unfreezes it', async () => {
    const lot = await anEmptyLot();
    const { mendUntilAt } = await listingNow(market, lot.listing.id);
    for (let round = 0; round < 4; round += 1) {
      await replaceToken(lot);
      expect(await probed(lot)).toMatchObject({ state: 'refused', costNano: 0n, reason: 'no_credit' });
      expect(await findState(lot)).toEqual(frozen);
    }
    expect(await listingNow(market, lot.listing.id)).toMatchObject({ mendUntilAt });
    expect(await mailsTo(market, lot.buyer.email)).not.toContain('lot.mended_buyer');
    expect(await takeRefundNow(lot.buyer.ctx(), lot.transactionId)).toEqual({ state: 'refunded', amountCents: 2_500n });
    await expectInvariants(market);
  });

  it('is unfrozen after a small run with the seller’s token succeeds, and we bear that run’s cost', async () => {
    const lot = await anEmptyLot();
    setCredit(lot.username, 300);
    await askForProbe(lot.seller.ctx(), lot.listing.id);
    expect(await findState(lot)).toEqual(frozen);
    // Three characters at $0.0001.
    expect(await probed(lot)).toMatchObject({ state: 'passed', model: 'minimax/speech-02-hd', costNano: 300_000n });
    expect(await findState(lot)).toEqual(working);
    expect(await mailsTo(market, lot.buyer.email)).toContain('lot.mended_buyer');
    expect(await lot.run()).toHaveLength(1);
    await expectInvariants(market);
  });

  it('keeps the deadline of its first failure when it runs dry again within a week, and gets a new one after that', async () => {
    const lot = await anEmptyLot();
    const { mendUntilAt: first } = await listingNow(market, lot.listing.id);
    const runDryAgain = async () => {
      setCredit(lot.username, 300);
      await askForProbe(lot.seller.ctx(), lot.listing.id);
      await probed(lot);
      setCredit(lot.username, 0);
      return lot.run().catch(() => null);
    };
    market.advance(HOUR_MS);
    await runDryAgain();
    expect(await listingNow(market, lot.listing.id)).toMatchObject({ mendUntilAt: first });
    setCredit(lot.username, 300);
    await askForProbe(lot.seller.ctx(), lot.listing.id);
    await probed(lot);
    market.advance(8 * DAY_MS);
    setCredit(lot.username, 0);
    await lot.run().catch(() => null);
    const { mendUntilAt: anew } = await listingNow(market, lot.listing.id);
    expect(anew?.getTime()).toBeGreaterThan(market.services.clock.now().getTime() + 23 * HOUR_MS);
  });

  it('fails and refunds its buyers when it runs dry again after that deadline', async () => {
    const lot = await anEmptyLot();
    setCredit(lot.username, 300);
    await askForProbe(lot.seller.ctx(), lot.listing.id);
    await probed(lot);
    market.advance(2 * DAY_MS);
    setCredit(lot.username, 0);
    await lot.run().catch(() => null);
    await failOverdueLots(market.system());
    expect(await findState(lot)).toEqual({ transaction: 'refunded', grant: 'failed', listing: 'failed' });
    await expectInvariants(market);
  });

  it('pays its seller nothing on settlement day', async () => {
    const lot = await aBuyerOfALot();
    market.advance(59 * DAY_MS + 23 * HOUR_MS);
    setCredit(lot.username, 0);
    await lot.run().catch(() => null);
    await replaceToken(lot);
    await probed(lot);
    market.advance(2 * HOUR_MS);
    await settleTransactions(market.system());
    expect(await findState(lot)).toEqual(frozen);
    market.advance(DAY_MS);
    await failOverdueLots(market.system());
    expect(await findState(lot)).toMatchObject({ transaction: 'refunded' });
    await expectInvariants(market);
  });

  it('is probed once, however often its seller asks; a stranger’s and a healthy lot’s request are refused', async () => {
    const lot = await anEmptyLot();
    const stranger = await aPerson(market);
    await expect(askForProbe(stranger.ctx(), lot.listing.id)).rejects.toMatchObject({ status: 404 });
    const { won } = await raceMany(6, () => askForProbe(lot.seller.ctx(), lot.listing.id));
    expect(won).toHaveLength(6);
    setCredit(lot.username, 300);
    await Promise.all([probeLots(market.system()), probeLots(market.system())]);
    await probed(lot);
    const made = control()
      .predictions()
      .filter(({ username, model }) => username === lot.username && model === 'minimax/speech-02-hd');
    expect(made).toHaveLength(1);
    await expect(askForProbe(lot.seller.ctx(), lot.listing.id)).rejects.toMatchObject({ status: 409 });
  });
});

describe('a lot for which Replicate reports low credit once', () => {
  it('is not frozen: the next lot serves the call and new runs for a minute, then a small run clears it', async () => {
    const first = await aBuyerOfALot();
    const { listing } = await aListing(market, { username: `${first.username}-next`, daysLeft: 200 });
    await aPurchase(market, first.buyer, listing, 50);
    control().addBehaviour({ kind: 'http_429_low_credit', on: 'create', username: first.username, times: 1 });
    expect(await first.run()).toHaveLength(1);
    expect(await first.run()).toHaveLength(1);
    expect(await findState(first)).toEqual(working);
    expect(
      control()
        .predictions()
        .filter(({ username }) => username === `${first.username}-next`),
    ).toHaveLength(2);
    expect(await listingNow(market, first.listing.id)).toMatchObject({ creditDoubtedAt: expect.any(Date) as Date });
    market.advance(2 * MINUTE_MS);
    expect(await probed(first)).toMatchObject({ state: 'passed' });
    expect(await listingNow(market, first.listing.id)).toMatchObject({ creditDoubtedAt: null, state: 'active' });
    expect(await first.run()).toHaveLength(1);
    expect(
      control()
        .predictions()
        .filter(({ username }) => username === first.username),
    ).toHaveLength(2);
    await expectInvariants(market);
  });

  it('is frozen after three small runs in a row get the same refusal', async () => {
    const lot = await aBuyerOfALot();
    control().addBehaviour({ kind: 'http_429_low_credit', on: 'create', username: lot.username, times: 4 });
    expect((await lot.runOnce()).status).toBe(429);
    expect(await findState(lot)).toEqual(working);
    market.advance(61_000);
    await probeLots(market.system());
    market.advance(61_000);
    await probeLots(market.system());
    expect(await findState(lot)).toEqual(working);
    expect(await probed(lot)).toMatchObject({ state: 'refused', reason: 'low_credit', refusals: 3 });
    expect(await findState(lot)).toEqual(frozen);
    await expectInvariants(market);
  });

  it('is not settled before its credit is checked', async () => {
    const lot = await aBuyerOfALot();
    market.advance(60 * DAY_MS + HOUR_MS);
    control().addBehaviour({ kind: 'http_429_low_credit', on: 'create', username: lot.username, times: 1 });
    expect((await lot.runOnce()).status).toBe(429);
    await settleTransactions(market.system());
    expect(await findState(lot)).toMatchObject({ transaction: 'delivered' });
    market.advance(2 * MINUTE_MS);
    await probed(lot);
    await settleTransactions(market.system());
    expect(await findState(lot)).toMatchObject({ transaction: 'completed' });
  });
});
