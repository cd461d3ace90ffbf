import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { paymentCaptured, refundRequested, released } from '~/modules/ledger/flows';
import { held, platform, sellerPayable } from '~/modules/ledger/ledger-accounts';
import { balanceCents, post } from '~/modules/ledger/index.server';
import { atomic } from '~/platform/context';
import { testMarket } from '~tests/setup/market';

const market = testMarket();
const none = { sellerCents: 0n, feeCents: 0n };

describe('the ledger', () => {
  it('posts an entry once for each reference, even twenty times at once', async () => {
    const entry = paymentCaptured('pi_once', [{ transactionId: 'txn_once', priceCents: 700n }]);
    const posted = await Promise.all(Array.from({ length: 20 }, () => atomic(market.system(), (tx) => post(tx, entry))));
    expect(posted.filter(Boolean)).toHaveLength(1);
    expect(await balanceCents(market.system(), held('txn_once'))).toBe(700n);
  });

  it('separates owners and adds up the platform', async () => {
    const before = await balanceCents(market.system(), platform('stripe_balance'));
    await atomic(market.system(), (tx) =>
      post(
        tx,
        paymentCaptured('pi_two', [
          { transactionId: 'txn_a', priceCents: 300n },
          { transactionId: 'txn_b', priceCents: 200n },
        ]),
      ),
    );
    await atomic(market.system(), (tx) =>
      post(tx, released({ transactionId: 'txn_a', sellerId: 'usr_s', before: none, after: { sellerCents: 90n, feeCents: 10n } })),
    );
    expect(await balanceCents(market.system(), held('txn_a'))).toBe(200n);
    expect(await balanceCents(market.system(), held('txn_b'))).toBe(200n);
    expect(await balanceCents(market.system(), sellerPayable('usr_s'))).toBe(90n);
    expect((await balanceCents(market.system(), platform('stripe_balance'))) - before).toBe(500n);
  });

  it('never takes more out of held money than it holds', async () => {
    await atomic(market.system(), (tx) => post(tx, paymentCaptured('pi_small', [{ transactionId: 'txn_small', priceCents: 100n }])));
    const tooMuch = refundRequested({ refundId: 'rfd_big', transactionId: 'txn_small', amountCents: 101n });
    await expect(atomic(market.system(), (tx) => post(tx, tooMuch))).rejects.toThrow();
    expect(await balanceCents(market.system(), held('txn_small'))).toBe(100n);
  });

  it('refuses to change or delete entries, and to post outside an atomic block', async () => {
    const { db } = market.system();
    await expect(db.execute(sql`update ledger_postings set amount_cents = amount_cents + 1`)).rejects.toThrow();
    await expect(db.execute(sql`delete from ledger_entries`)).rejects.toThrow();
    await expect(post(market.system(), paymentCaptured('pi_loose', [{ transactionId: 'txn_x', priceCents: 1n }]))).rejects.toThrow(
      /atomic/,
    );
  });
});
