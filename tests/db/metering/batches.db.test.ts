import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { runs } from '~db/schema';
import { authorizeRun, captureRun, freezeGrants, thawGrants, voidRun } from '~/modules/metering/index.server';
import type { Id } from '~/platform/ids';
import { usdNano } from '~/platform/money';
import { aGrant, aWallet, getUserId, type Wallet } from '~tests/factories/runs';
import { expectInvariants } from '~tests/setup/invariants';
import { testMarket } from '~tests/setup/market';
import { authorizing } from './authorizing';

const market = testMarket();
const asked = authorizing(market);

const settlement = (wallet: Wallet, runId: Id<'run'>) => ({
  runId,
  buyerId: getUserId(wallet.buyer),
  upstreamId: `p${runId}`,
  upstreamStatus: 'succeeded',
  metrics: {},
  finalBody: { says: 'a "quoted" \\ {brace}, NULL \u0000 and\nline' },
});

describe('runs authorized in one batch', () => {
  it('each get the same result as alone: several wallets, grants, caps and refusals at once', async () => {
    const rich = await aWallet(market, { usd: 10 });
    const poor = await aWallet(market, { usd: 1 });
    const capped = await aWallet(market, { usd: 10, cap: '2.00' });
    const second = await aGrant(market, poor.buyer, { usd: 3, endsInDays: 60 });
    const results = await Promise.all([
      authorizeRun(market.system(), asked(rich, usdNano(4))),
      authorizeRun(market.system(), asked(poor, usdNano(1))),
      authorizeRun(market.system(), asked(capped, usdNano(2))),
      authorizeRun(market.system(), asked(rich, usdNano(7))),
      authorizeRun(market.system(), asked(poor, usdNano(2))),
      authorizeRun(market.system(), asked(capped, usdNano(1))),
      authorizeRun(market.system(), asked(rich, usdNano(6))),
      authorizeRun(market.system(), { ...asked(rich, usdNano(1)), buyerId: getUserId(poor.buyer) }),
    ]);
    expect(results.map((result) => (result.ok ? result.run.grantId : result.reason))).toEqual([
      rich.lot.grantId,
      poor.lot.grantId,
      capped.lot.grantId,
      'not_enough_credit',
      second.grantId,
      'cap_reached',
      rich.lot.grantId,
      'key_revoked',
    ]);
    await expectInvariants(market);
  });

  it('do not fail because the database refuses one of them', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const results = await Promise.allSettled([
      authorizeRun(market.system(), asked(wallet, usdNano(1))),
      authorizeRun(market.system(), asked(wallet, 10n ** 30n)),
      authorizeRun(market.system(), asked(wallet, usdNano(1))),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expectInvariants(market);
  });

  it('settle once each, whatever their answers contain', async () => {
    const wallet = await aWallet(market, { usd: 10 });
    const other = await market.anotherProcess();
    const held = await Promise.all(Array.from({ length: 20 }, () => authorizeRun(market.system(), asked(wallet, usdNano(0.5)))));
    const settled = await Promise.all(
      held.flatMap((each, i) => {
        if (!each.ok) throw new Error('not authorized');
        const facts = settlement(wallet, each.run.id);
        const elsewhere = other.ctxFor({ kind: 'system', name: 'gateway' });
        return [
          captureRun(market.system(), { ...facts, costNano: BigInt(i) * 1_000_000n, estimated: false }),
          voidRun(elsewhere, facts),
          captureRun(elsewhere, { ...facts, costNano: BigInt(i) * 1_000_000n, estimated: false }),
        ];
      }),
    );
    expect(settled.filter((each) => each !== null)).toHaveLength(20);
    const [row] = await market.system().db.select().from(runs).where(eq(runs.grantId, wallet.lot.grantId)).limit(1);
    expect(JSON.parse(row?.finalBody ?? '')).toEqual({ says: 'a "quoted" \\ {brace}, NULL \u0000 and\nline' });
    expect(row?.upstreamId).toBe(`p${row?.id}`);
    await expectInvariants(market);
  });

  it('run in two processes without a deadlock while lots are frozen and unfrozen', async () => {
    const wallets = await Promise.all(Array.from({ length: 6 }, () => aWallet(market, { usd: 50 })));
    const other = (await market.anotherProcess()).ctxFor({ kind: 'system', name: 'gateway' });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 240 }, async (_, i) => {
        const wallet = wallets[(i * 7) % 6];
        if (!wallet) return;
        const ctx = i % 2 ? other : market.system();
        if (i % 20 === 0) await freezeGrants(ctx, wallet.lot.listingId, 'test');
        if (i % 20 === 10) await thawGrants(ctx, wallet.lot.listingId);
        const held = await authorizeRun(ctx, asked(wallet, usdNano(0.1)));
        if (held.ok) await captureRun(ctx, { ...settlement(wallet, held.run.id), costNano: 1_000n, estimated: false });
      }),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    await expectInvariants(market);
  });
});
