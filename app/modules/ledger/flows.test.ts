import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceCents, share, usdNano } from '~/platform/money';
import { computeDue, paymentCaptured, computeRefund, refundRequested, released, stripeFeeTaken, type Due, type Split } from './flows';

function makeSplit(price: bigint, feeBps: number): Split {
  const feeCents = share(price, feeBps, 'down');
  return { priceCents: price, feeCents, sellerTotalCents: price - feeCents };
}

describe('what is due', () => {
  it('is nothing before the first burn and everything at the last', () => {
    const split = makeSplit(50_000n, 1_000);
    expect(computeDue(split, { creditNano: usdNano(1_000), capturedNano: 0n })).toEqual({ sellerCents: 0n, feeCents: 0n });
    expect(computeDue(split, { creditNano: usdNano(1_000), capturedNano: usdNano(1_000) })).toEqual({
      sellerCents: 45_000n,
      feeCents: 5_000n,
    });
  });

  it('gives the odd cents of a refund to the buyer', () => {
    const split = makeSplit(1_001n, 1_000);
    const due = computeDue(split, { creditNano: 3n, capturedNano: 1n });
    expect(due).toEqual({ sellerCents: 300n, feeCents: 33n });
    expect(computeRefund(split, due, 0n)).toBe(668n);
  });

  it('adds up at every burn: released + refunded + held = paid, none is negative, none decreases', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: usdNano(100_000) }),
        fc.integer({ min: 0, max: 9_999 }),
        fc.integer({ min: 0, max: 5_000 }),
        fc.array(fc.bigInt({ min: 0n, max: usdNano(100_000) }), { maxLength: 20 }),
        (creditNano, discountBps, feeBps, steps) => {
          const split = makeSplit(priceCents(creditNano, discountBps), feeBps);
          const burns = steps.map((step) => step % (creditNano + 1n)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
          let before: Due = { sellerCents: 0n, feeCents: 0n };
          let heldCents = split.priceCents;
          for (const capturedNano of burns) {
            const after = computeDue(split, { creditNano, capturedNano });
            for (const line of released({ transactionId: 'txn_1', sellerId: 'usr_1', before, after }).lines) {
              expect(line.amountCents > 0n).toBe(true);
              heldCents -= line.amountCents;
            }
            before = after;
          }
          const refund = computeRefund(split, before, 0n);
          expect(refund).toBe(heldCents);
          expect(refund >= 0n).toBe(true);
          expect(before.sellerCents + before.feeCents + refund).toBe(split.priceCents);
        },
      ),
    );
  });
});

describe('entries', () => {
  it('hold a payment per transaction under the payment intent', () => {
    const entry = paymentCaptured('pi_1', [
      { transactionId: 'txn_1', priceCents: 500n },
      { transactionId: 'txn_2', priceCents: 700n },
    ]);
    expect(entry.reference).toBe('capture:pi_1');
    expect(entry.lines.map((line) => [line.debit.kind, line.credit.ownerId, line.amountCents])).toEqual([
      ['stripe_balance', 'txn_1', 500n],
      ['stripe_balance', 'txn_2', 700n],
    ]);
  });

  it('move a refund through clearing', () => {
    expect(refundRequested({ refundId: 'rfd_1', transactionId: 'txn_1', amountCents: 5n }).lines).toEqual([
      { debit: { kind: 'held', ownerId: 'txn_1' }, credit: { kind: 'refund_clearing', ownerId: '' }, amountCents: 5n },
    ]);
  });

  it('have no postings of zero', () => {
    expect(stripeFeeTaken('ch_1', 0n).lines).toEqual([]);
    const due = { sellerCents: 5n, feeCents: 0n };
    expect(
      released({ transactionId: 'txn_1', sellerId: 'usr_1', before: { sellerCents: 0n, feeCents: 0n }, after: due }).lines,
    ).toHaveLength(1);
  });
});
