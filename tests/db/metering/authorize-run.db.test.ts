import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { dailyBurns, exposures, grants, runs } from '~db/schema';
import {
  authorizeRun,
  captureRun,
  closeGrant,
  ensureAccessKey,
  findBuyerByKey,
  freezeGrants,
  mintAccessKey,
  revealAccessKey,
  revokeAccessKey,
  saveAccessKey,
  slowGrants,
  thawGrants,
  voidRun,
} from '~/modules/metering/index.server';
import { addMs, DAY_MS } from '~/platform/dates';
import type { Id } from '~/platform/ids';
import { NANO_PER_USD } from '~/platform/money';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { aPerson } from '~tests/factories/market';
import { aGrant, aWallet, getUserId, type Wallet } from '~tests/factories/runs';
import { authorizing } from './authorizing';

const market = testMarket();
const usd = (dollars: number) => BigInt(Math.round(dollars * 1_000)) * (NANO_PER_USD / 1_000n);
const asked = authorizing(market);

async function findGrant(wallet: Wallet) {
  const [row] = await market.system().db.select().from(grants).where(eq(grants.id, wallet.lot.grantId));
  if (!row) throw new Error('no grant');
  return row;
}

function settlement(wallet: Wallet, runId: Id<'run'>) {
  return {
    runId,
    buyerId: getUserId(wallet.buyer),
    upstreamStatus: 'succeeded',
    metrics: { image_output_count: 1 },
    finalBody: { id: 'x' },
  };
}

describe('authorizing', () => {
  it('lets exactly 10 of 50 concurrent runs through on credit for 10', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const results = await Promise.all(Array.from({ length: 50 }, () => authorizeRun(market.system(), asked(wallet, usd(1)))));
    expect(results.filter((result) => result.ok)).toHaveLength(10);
    expect(results.filter((result) => !result.ok).every((result) => !result.ok && result.reason === 'not_enough_credit')).toBe(true);
    expect(await findGrant(wallet)).toMatchObject({ availableNano: 0n, authorizedNano: usd(10) });
    await expectInvariants(market);
  });

  it('does so from two processes at once', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const other = await market.anotherProcess();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        authorizeRun((i % 2 ? other : market.services).ctxFor({ kind: 'system', name: 'gateway' }), asked(wallet, usd(1))),
      ),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(10);
    await expectInvariants(market);
  });

  it('uses the grant whose window ends first, then the next, and none that is frozen, ended or excluded', async () => {
    const wallet = await aWallet(market, { usd: 1 });
    const sooner = await aGrant(market, wallet.buyer, { usd: 2, endsInDays: 3 });
    const first = await authorizeRun(market.system(), asked(wallet, usd(2)));
    expect(first.ok && first.run.grantId).toBe(sooner.grantId);
    const second = await authorizeRun(market.system(), asked(wallet, usd(1)));
    expect(second.ok && second.run.grantId).toBe(wallet.lot.grantId);

    const frozen = await aGrant(market, wallet.buyer, { usd: 5 });
    await freezeGrants(market.system(), frozen.listingId, 'test');
    expect(await authorizeRun(market.system(), asked(wallet, usd(1)))).toEqual({ ok: false, reason: 'not_enough_credit' });
    await thawGrants(market.system(), frozen.listingId);
    expect(await authorizeRun(market.system(), asked(wallet, usd(1), { exceptGrants: [frozen.grantId] }))).toEqual({
      ok: false,
      reason: 'not_enough_credit',
    });
    expect((await authorizeRun(market.system(), asked(wallet, usd(1)))).ok).toBe(true);
  });

  it('uses the first grant that covers the whole bound, or the fullest if none does', async () => {
    const wallet = await aWallet(market, { usd: 40 });
    const small = await aGrant(market, wallet.buyer, { usd: 0.25, endsInDays: 3 });
    const middle = await aGrant(market, wallet.buyer, { usd: 20, endsInDays: 4 });
    const asks = (nano: bigint, least: bigint) => authorizeRun(market.system(), asked(wallet, nano, { minNano: least }));
    const whole = await asks(usd(2), usd(0.1));
    expect(whole.ok && whole.run).toMatchObject({ grantId: middle.grantId, authorizedNano: usd(2) });
    const shortened = await asks(usd(100), usd(0.1));
    expect(shortened.ok && shortened.run).toMatchObject({ grantId: wallet.lot.grantId, authorizedNano: usd(40) });
    expect(await asks(usd(100), usd(19))).toEqual({ ok: false, reason: 'not_enough_credit' });
    const rest = await asks(usd(0.25), usd(0.1));
    expect(rest.ok && rest.run.grantId).toBe(small.grantId);
    await expectInvariants(market);
  });

  it('uses a grant on a throttled lot last', async () => {
    const wallet = await aWallet(market, { usd: 5 });
    const sooner = await aGrant(market, wallet.buyer, { usd: 5, endsInDays: 3 });
    await slowGrants(market.system(), sooner.listingId, addMs(market.system().now, 60_000));
    const first = await authorizeRun(market.system(), asked(wallet, usd(5)));
    expect(first.ok && first.run.grantId).toBe(wallet.lot.grantId);
    const second = await authorizeRun(market.system(), asked(wallet, usd(1)));
    expect(second.ok && second.run.grantId).toBe(sooner.grantId);
  });

  it('enforces a key’s daily cap under concurrency, and resets it the next day', async () => {
    const wallet = await aWallet(market, { usd: 50, cap: '3.00' });
    const results = await Promise.all(Array.from({ length: 20 }, () => authorizeRun(market.system(), asked(wallet, usd(1)))));
    expect(results.filter((result) => result.ok)).toHaveLength(3);
    expect(results.find((result) => !result.ok)).toEqual({ ok: false, reason: 'cap_reached' });

    const [held] = results.filter((result) => result.ok);
    if (held?.ok) await captureRun(market.system(), { ...settlement(wallet, held.run.id), costNano: usd(0.25), estimated: false });
    const again = await authorizeRun(market.system(), asked(wallet, usd(0.75)));
    expect(again.ok).toBe(true);

    const tomorrow = { ...market.system(), now: addMs(market.system().now, DAY_MS) };
    expect((await authorizeRun(tomorrow, asked(wallet, usd(3)))).ok).toBe(true);
    await expectInvariants(market);
  });

  it('refuses runs of a revoked key, which only its owner can revoke', async () => {
    const wallet = await aWallet(market, { usd: 5 });
    const stranger = (await aPerson(market)).ctx();
    await expect(revokeAccessKey(stranger, wallet.keyId as Id<'accessKey'>)).rejects.toMatchObject({ status: 404 });
    await revokeAccessKey(wallet.buyer, wallet.keyId as Id<'accessKey'>);
    expect(await findBuyerByKey(market.system(), wallet.key)).toBeNull();
    expect(await authorizeRun(market.system(), asked(wallet, usd(1)))).toEqual({ ok: false, reason: 'key_revoked' });
  });
});

describe('settling', () => {
  it('captures once when ten try, and returns the rest', async () => {
    const wallet = await aWallet(market, { usd: 5 });
    const held = await authorizeRun(market.system(), asked(wallet, usd(2)));
    if (!held.ok) throw new Error('not authorized');
    const settled = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        i % 2
          ? voidRun(market.system(), settlement(wallet, held.run.id))
          : captureRun(market.system(), { ...settlement(wallet, held.run.id), costNano: 3_000_000n, estimated: false }),
      ),
    );
    expect(settled.filter((result) => result !== null)).toHaveLength(1);
    const grant = await findGrant(wallet);
    expect(grant.authorizedNano).toBe(0n);
    expect(grant.availableNano + grant.capturedNano).toBe(usd(5));
    await expectInvariants(market);
  });

  it('never captures more than was authorized; the rest is an exposure of the lot', async () => {
    const wallet = await aWallet(market, { usd: 5 });
    const held = await authorizeRun(market.system(), asked(wallet, usd(1)));
    if (!held.ok) throw new Error('not authorized');
    const settled = await captureRun(market.system(), { ...settlement(wallet, held.run.id), costNano: usd(1.5), estimated: false });
    expect(settled).toMatchObject({ capturedNano: usd(1), excessNano: usd(0.5) });
    const [exposure] = await market.system().db.select().from(exposures).where(eq(exposures.runId, held.run.id));
    expect(exposure).toMatchObject({ amountNano: usd(0.5), listingId: wallet.lot.listingId, reason: 'above_authorization' });
    const [run] = await market.system().db.select().from(runs).where(eq(runs.id, held.run.id));
    expect(run).toMatchObject({ metrics: { image_output_count: 1 }, finalBody: '{"id":"x"}' });
    const [day] = await market.system().db.select().from(dailyBurns).where(eq(dailyBurns.listingId, wallet.lot.listingId));
    expect(day).toMatchObject({ burnedNano: usd(1), runs: 1 });
  });

  it('marks a grant as exhausted with its last nano-dollar', async () => {
    const wallet = await aWallet(market, { usd: 1 });
    const held = await authorizeRun(market.system(), asked(wallet, usd(1)));
    if (!held.ok) throw new Error('not authorized');
    const settled = await captureRun(market.system(), { ...settlement(wallet, held.run.id), costNano: usd(1), estimated: false });
    expect(settled?.grantState).toBe('exhausted');
    await expectInvariants(market);
  });

  it('returns a run’s unused credit when its grant was closed meanwhile', async () => {
    const wallet = await aWallet(market, { usd: 3 });
    const held = await authorizeRun(market.system(), asked(wallet, usd(1)));
    if (!held.ok) throw new Error('not authorized');
    const closed = await closeGrant(market.system(), { transactionId: wallet.lot.transactionId, as: 'failed' });
    expect(closed).toEqual({ creditNano: usd(3), capturedNano: 0n, authorizedNano: usd(1), returnedNano: usd(2) });
    const settled = await captureRun(market.system(), { ...settlement(wallet, held.run.id), costNano: usd(0.4), estimated: false });
    expect(settled).toMatchObject({ grantState: 'failed', grantAuthorizedNano: 0n });
    expect(await findGrant(wallet)).toMatchObject({ availableNano: 0n, capturedNano: usd(0.4), returnedNano: usd(2.6) });
    await expectInvariants(market);
  });

  it('runs beside authorizing and voiding without a deadlock or a lost nano-dollar', async () => {
    const wallet = await aWallet(market, { usd: 20, cap: '100' });
    await Promise.all(
      Array.from({ length: 80 }, async (_, i) => {
        const held = await authorizeRun(market.system(), asked(wallet, usd(0.2)));
        if (!held.ok) return;
        if (i % 3 === 0) await voidRun(market.system(), settlement(wallet, held.run.id));
        else await captureRun(market.system(), { ...settlement(wallet, held.run.id), costNano: BigInt(i) * 1_000n, estimated: false });
      }),
    );
    const grant = await findGrant(wallet);
    expect(grant.authorizedNano).toBe(0n);
    expect(grant.availableNano + grant.capturedNano).toBe(usd(20));
    await expectInvariants(market);
  });
});

describe('access keys', () => {
  it('are created once, even if the owner opens the page many times at once', async () => {
    const buyer = (await aPerson(market)).ctx();
    const keys = await Promise.all(Array.from({ length: 5 }, () => ensureAccessKey(buyer)));
    expect(new Set(keys.map((key) => key.text)).size).toBe(1);
    expect(keys[0]?.text).toMatch(new RegExp(`^cmk_${getUserId(buyer).slice(4)}_[0-9A-Za-z]{32}$`));
    expect(await findBuyerByKey(market.system(), keys[0]?.text ?? '')).toMatchObject({
      buyerId: getUserId(buyer),
      accessKeyId: keys[0]?.id,
    });
  });

  it('are shown to their owner until saved, then never again, and keep working', async () => {
    const buyer = (await aPerson(market)).ctx();
    const key = await mintAccessKey(buyer, { name: 'production' });
    expect((await revealAccessKey(buyer, key.id)).text).toBe(key.text);
    await saveAccessKey(buyer, key.id);
    await saveAccessKey(buyer, key.id);
    expect((await revealAccessKey(buyer, key.id)).text).toBeNull();
    expect(await findBuyerByKey(market.system(), key.text ?? '')).not.toBeNull();
    await expectInvariants(market);
  });

  it('are hidden after a day', async () => {
    const buyer = (await aPerson(market)).ctx();
    const key = await mintAccessKey(buyer, { name: 'production' });
    expect((await revealAccessKey({ ...buyer, now: addMs(buyer.now, DAY_MS + 1) }, key.id)).text).toBeNull();
  });

  it('refuse a cap that is not an amount', async () => {
    const buyer = (await aPerson(market)).ctx();
    for (const cap of ['-1', '0', 'ten', '1e3', '9'.repeat(30)]) await expect(mintAccessKey(buyer, { name: 'x', cap })).rejects.toThrow();
  });
});
